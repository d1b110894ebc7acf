using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>A provider's settings other than texts go over the wire as JSON text; the program has to give them as they were.</summary>
internal static class ProviderInputs
{
    // Texts that may well be JSON themselves.
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "kubeconfig", "token", "accessKey", "secretKey" };

    /// <summary>The resource's inputs as a program gives them.</summary>
    internal static PlanValue Of(PlanResource resource)
    {
        if (!resource.IsProvider)
        {
            return resource.Inputs;
        }

        var inputs = new JsonObject();
        foreach (var (name, value) in resource.Inputs.Properties)
        {
            inputs[name] = value.Text is { } text && !Texts.Contains(name) && Parsed(text) is { } parsed ? parsed : value.ToNode();
        }

        return PlanValue.From(inputs);
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
