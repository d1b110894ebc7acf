using System.Text.Json;

namespace Candor.Planning;

/// <summary>Reads one resource's state as Pulumi's engine writes it in previews and exports.</summary>
internal static class PulumiState
{
    /// <summary>What stands for a value that is not known before the deployment.</summary>
    private const string Unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    /// <summary>The key that marks an object as not being plain data, and the mark of a secret.</summary>
    private const string Signature = "4dabf18193072939515e22adb298388d";

    private const string SecretSignature = "1b47061264138c4ac30d75fd1eb44270";

    /// <summary>Where a provider's bridge notes which inputs it filled in by itself.</summary>
    private const string Defaults = "__defaults";

    /// <summary>Whether the state is the stack itself.</summary>
    internal static bool IsStack(JsonElement state, string where) =>
        PulumiUrn.Parse(Json.Text(state, "urn", where)).Type == ResourceTypes.Stack;

    /// <summary>The resource of a state. Secrets become tokens, whether they were encrypted or not.</summary>
    internal static PlanResource Read(JsonElement state, string where)
    {
        var urn = PulumiUrn.Parse(Json.Text(state, "urn", where));
        return new()
        {
            Type = urn.Type,
            Name = urn.Name,
            Id = Json.OptionalText(state, "id", where) is { Length: > 0 } id && id != Unknown ? id : Placeholder(urn),
            Arn = Json.OptionalObject(state, "outputs", where) is { } outputs && ArnOf(outputs) is { } arn && arn != Unknown ? arn : null,
            IsComponent = !Json.Truth(state, "custom", where),
            Parent = ParentOf(state, where),
            Provider = ProviderOf(state, where),
            DependsOn = [
                .. Json.Texts(state, "dependencies", where)
                .Select(text => PulumiUrn.Parse(text).Short)
                .Distinct()
                .Order(StringComparer.Ordinal)],
            Protect = Json.Truth(state, "protect", where),
            IgnoreChanges = Json.Texts(state, "ignoreChanges", where),
            IsExternal = IsExternal(state, where),
            Inputs = Inputs(state, urn.Type, where),
        };
    }

    /// <summary>The values of an object with secrets as tokens.</summary>
    internal static PlanValue Clean(JsonElement value) =>
        CanonicalJson.Build(writer => Write(writer, value, SecretPlaces.ByName(), _ => null));

    private static string? ArnOf(JsonElement outputs) => outputs.TryGetProperty("arn", out var value)
        ? value.ValueKind == JsonValueKind.String ? CanonicalJson.TextOf(value) : Clean(value).Text
        : null;

    // What others refer to while the id is not known: a name of our own, so that references still resolve.
    private static string Placeholder(PulumiUrn urn) => $"[unknown:{urn.Short}]";

    private static string? ParentOf(JsonElement state, string where)
    {
        if (Json.OptionalText(state, "parent", where) is not { Length: > 0 } text)
        {
            return null;
        }

        var parent = PulumiUrn.Parse(text);
        return parent.Type == ResourceTypes.Stack ? null : parent.Short;
    }

    // A provider reference is a URN, then "::", then the provider's id.
    private static string? ProviderOf(JsonElement state, string where)
    {
        if (Json.OptionalText(state, "provider", where) is not { Length: > 0 } text
            || text.LastIndexOf("::", StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        var provider = PulumiUrn.Parse(text[..end]);
        return provider.Name.StartsWith("default", StringComparison.Ordinal) ? null : provider.Short;
    }

    private static bool IsExternal(JsonElement state, string where) => Json.Truth(state, "external", where);

    private static PlanValue Inputs(JsonElement state, string type, string where)
    {
        // What is only read was declared by nobody here: its outputs are what it is.
        var outputs = IsExternal(state, where) ? Json.OptionalObject(state, "outputs", where) : null;
        if ((outputs ?? Json.OptionalObject(state, "inputs", where)) is not { } inputs)
        {
            return PlanValue.EmptyObject;
        }

        var dependencies = Json.OptionalObject(state, "propertyDependencies", where);
        var secrets = SecretPlaces.Of(type, Json.Texts(state, "additionalSecretOutputs", where));
        return CanonicalJson.Build(writer => Write(writer, inputs, secrets, property => Target(dependencies, property, where)));
    }

    // An unknown input that depends on one resource alone is a reference to it, nearly always to its id or ARN.
    private static string? Target(JsonElement? dependencies, string property, string where)
    {
        if (dependencies is not { } all)
        {
            return null;
        }

        var targets = Json.Texts(all, property, where + ".propertyDependencies").Distinct().ToList();
        return targets.Count == 1 ? Placeholder(PulumiUrn.Parse(targets[0])) : null;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, SecretPlaces place, Func<string, string?> target)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String or JsonValueKind.Number when place.IsSecret:
                writer.WriteStringValue(SecretToken.Unnamed);
                break;
            case JsonValueKind.Object when IsSecret(value):
                writer.WriteStringValue(SecretToken.Unnamed);
                break;
            case JsonValueKind.Object:
                WriteObject(writer, value, place, target);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, place, target);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when value.ValueEquals(Unknown):
                writer.WriteStringValue(target(place.Input) ?? "[unknown]");
                break;
            default:
                CanonicalJson.Write(writer, value);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, SecretPlaces place, Func<string, string?> target)
    {
        // What the program did not say is not part of the Plan; a generated name is, because others refer to it.
        var defaults = value.TryGetProperty(Defaults, out var noted) && noted.ValueKind == JsonValueKind.Array
            ? noted.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.String)
                .Select(CanonicalJson.TextOf)
                .ToHashSet(StringComparer.Ordinal)
            : [];
        defaults.Remove("name");
        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject().OrderBy(CanonicalJson.NameOf, StringComparer.Ordinal))
        {
            var name = CanonicalJson.NameOf(property);
            if (!name.StartsWith("__", StringComparison.Ordinal)
                && !defaults.Contains(name)
                && property.Value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(name);
                Write(writer, property.Value, place.At(name), target);
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsSecret(JsonElement value) =>
        value.TryGetProperty(Signature, out var mark) && mark.ValueKind == JsonValueKind.String && mark.ValueEquals(SecretSignature);
}
