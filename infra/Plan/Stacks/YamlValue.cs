using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Candor.Planning;

/// <summary>
/// Turns a config value of a stack file into what Pulumi hands to the program: a text as it stands, anything else as JSON.
/// </summary>
internal sealed class YamlValue(YamlFile file, string configKey)
{
    // Far more than any stack says; without a bound a few aliases of aliases could ask for any amount of memory.
    private const int MaximumNodes = 50_000;
    private const int MaximumDepth = 32;

    private int _nodes;

    /// <summary>Whether a part of it was encrypted, and so has become a token that names its place.</summary>
    internal bool HoldsSecret { get; private set; }

    /// <summary>The text that the program's config gives for the value.</summary>
    internal string TextOf(YamlNode node)
    {
        var value = Convert(node, configKey, 0);
        return value switch
        {
            JsonValue scalar when scalar.TryGetValue(out string? text) => text,
            null => string.Empty,
            _ => value.ToJsonString(),
        };
    }

    private JsonNode? Convert(YamlNode node, string place, int depth)
    {
        if (++_nodes > MaximumNodes || depth > MaximumDepth)
        {
            throw file.At(node, $"a value of more than {MaximumNodes} parts or {MaximumDepth} levels, expected a setting.");
        }

        if (Secure(node))
        {
            HoldsSecret = true;
            return JsonValue.Create(SecretToken.Of(place));
        }

        return node switch
        {
            YamlMappingNode mapping => ConvertMapping(mapping, place, depth),
            YamlSequenceNode list => new JsonArray([
                .. list.Children.Select((item, index) => Convert(item, $"{place}[{index}]", depth + 1))]),
            YamlScalarNode scalar => ConvertScalar(scalar),
            _ => throw file.At(node, "a YAML alias that cannot be resolved, expected a value."),
        };
    }

    private JsonObject ConvertMapping(YamlMappingNode mapping, string place, int depth)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            var name = file.KeyOf(key);
            result[name] = Convert(value, $"{place}.{name}", depth + 1);
        }

        return result;
    }

    private static bool Secure(YamlNode node) =>
        node is YamlMappingNode { Children.Count: 1 } mapping && mapping.Children[0].Key is YamlScalarNode { Value: "secure" };

    // Only plain scalars have a type in YAML; what is quoted is a text.
    internal static JsonValue? ConvertScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? string.Empty;
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            _ when IsDecimal(text)
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
                => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    // 1.27.0, 5-6 and 1e are texts.
    private static bool IsDecimal(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && char.IsAsciiDigit(text[^1]);
}
