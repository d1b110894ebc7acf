using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Candor.Planning;

/// <summary>
/// Reads Kubernetes manifests (YAML or JSON, several documents a file, lists of objects) as a Plan, so that the rules hold for what no
/// Pulumi program declares: plain manifests, and what <c>helm template</c> or <c>kubectl kustomize</c> renders.
/// </summary>
public static class KubernetesManifests
{
    /// <summary>More than any cluster's manifests have; aliases of aliases could ask for any amount of memory.</summary>
    private const int MaximumNodes = 20_000_000;

    private const int MaximumDepth = 64;

    /// <summary>Reads the texts.</summary>
    /// <param name="name">What the Plan is called: a folder's or file's name.</param>
    /// <param name="texts">Each with the name of its source in messages.</param>
    /// <exception cref="PlanFormatException">One is not YAML, or none holds a Kubernetes object.</exception>
    public static Plan Read(string name, IEnumerable<(string Source, string Text)> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var nodes = 0;
        var resources = texts.SelectMany(text => Documents(text.Source, text.Text))
            .SelectMany(document => Objects(Convert(document.Root, document.Source, 0, ref nodes)))
            .Select(Resource)
            .ToList();
        if (resources.Count == 0)
        {
            throw new PlanFormatException($"There is no Kubernetes object (apiVersion, kind, metadata.name) in {name}.");
        }

        return new()
        {
            Project = name,
            Stack = "manifests",
            Outputs = PlanValue.EmptyObject,
            IsManifests = true,
            Resources =
            [
                .. resources
                    .GroupBy(resource => resource.Urn, StringComparer.Ordinal)
                    .SelectMany(group => group.Select((resource, index) => index == 0
                        ? resource
                        : resource with { Name = string.Create(CultureInfo.InvariantCulture, $"{resource.Name} ({index + 1})") }))
                    .OrderBy(resource => resource.Urn, StringComparer.Ordinal),
            ],
        };
    }

    private static IEnumerable<(string Source, YamlNode Root)> Documents(string source, string text)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(text);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new PlanFormatException(
                text.Contains("{{", StringComparison.Ordinal)
                    ? $"{source} is a template, not a manifest. Render it first: helm template . | ./candor lint -"
                    : $"{source}, line {exception.Start.Line}, column {exception.Start.Column}: it is not YAML: {exception.Message}",
                exception);
        }

        return stream.Documents.Select(document => (source, document.RootNode));
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? root)
    {
        if (root is not JsonObject one || Text(one, "apiVersion") is null || Text(one, "kind") is not { } kind)
        {
            return [];
        }

        return kind.EndsWith("List", StringComparison.Ordinal) && one["items"] is JsonArray items
            ? [.. items.ToList().SelectMany(item => Objects(item))]
            : one["metadata"] is JsonObject metadata && Text(metadata, "name") is not null ? [one] : [];
    }

    private static PlanResource Resource(JsonObject one)
    {
        var version = Text(one, "apiVersion")!;
        var metadata = one["metadata"]!.AsObject();
        var name = Text(metadata, "name")!;
        return new()
        {
            Type =
                $"{ResourceTypes.KubernetesPrefix}{(version.Contains('/', StringComparison.Ordinal) ? version : "core/" + version)}:{Text(one, "kind")}",
            Name = Text(metadata, "namespace") is { } space ? $"{space}/{name}" : name,
            Inputs = PlanValue.From(one),
        };
    }

    private static string? Text(JsonObject holder, string property) =>
        holder[property] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonNode? Convert(YamlNode node, string source, int depth, ref int nodes)
    {
        if (++nodes > MaximumNodes || depth > MaximumDepth)
        {
            throw new PlanFormatException($"{source} has more than {MaximumNodes} values, or is nested deeper than {MaximumDepth}.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var result = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name })
                    {
                        throw new PlanFormatException(
                            $"{source}, line {key.Start.Line}: a key that is no text. A template is rendered first: helm template . | "
                                + "./candor lint -");
                    }

                    result[name] = Convert(value, source, depth + 1, ref nodes);
                }

                return result;
            case YamlSequenceNode list:
                var array = new JsonArray();
                foreach (var item in list.Children)
                {
                    array.Add(Convert(item, source, depth + 1, ref nodes));
                }

                return array;
            case YamlScalarNode scalar:
                return YamlValue.ConvertScalar(scalar);
            default:
                return null;
        }
    }
}
