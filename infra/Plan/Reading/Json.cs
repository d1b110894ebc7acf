using System.Text.Json;

namespace Candor.Planning;

/// <summary>Reads properties of a JSON object from elsewhere; an error names what was found and what was expected.</summary>
internal static class Json
{
    /// <summary>A text that must be there.</summary>
    internal static string Text(JsonElement holder, string name, string where) =>
        OptionalText(holder, name, where) ?? throw new PlanFormatException($"{where} has no {name}, expected a text");

    /// <summary>A text, or null when absent or null.</summary>
    internal static string? OptionalText(JsonElement holder, string name, string where)
    {
        if (Find(holder, name) is not { } value)
        {
            return null;
        }

        Expect(value, JsonValueKind.String, $"{where}.{name}");
        return CanonicalJson.TextOf(value);
    }

    /// <summary>A Boolean value, or false when absent or null.</summary>
    internal static bool Truth(JsonElement holder, string name, string where) => Find(holder, name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected(value, "true or false", $"{where}.{name}"),
    };

    /// <summary>An object, or nothing when absent or null.</summary>
    internal static JsonElement? OptionalObject(JsonElement holder, string name, string where)
    {
        if (Find(holder, name) is not { } value)
        {
            return null;
        }

        Expect(value, JsonValueKind.Object, $"{where}.{name}");
        return value;
    }

    /// <summary>The elements of an array; none when absent or null.</summary>
    internal static IReadOnlyList<JsonElement> Array(JsonElement holder, string name, string where)
    {
        if (Find(holder, name) is not { } value)
        {
            return [];
        }

        Expect(value, JsonValueKind.Array, $"{where}.{name}");
        return [.. value.EnumerateArray()];
    }

    /// <summary>The texts of an array, sorted; none when absent or null.</summary>
    internal static IReadOnlyList<string> Texts(JsonElement holder, string name, string where) =>
        [.. Array(holder, name, where).Select(item =>
        {
            Expect(item, JsonValueKind.String, $"{where}.{name}");
            return CanonicalJson.TextOf(item);
        }).Order(StringComparer.Ordinal)];

    /// <summary>Refuses a value of another kind.</summary>
    internal static void Expect(JsonElement value, JsonValueKind kind, string where)
    {
        if (value.ValueKind != kind)
        {
            throw Unexpected(value, Describe(kind), where);
        }
    }

    /// <summary>A kind of JSON in words.</summary>
    internal static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

    private static JsonElement? Find(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static PlanFormatException Unexpected(JsonElement value, string expected, string where) =>
        new($"{where} is {Describe(value.ValueKind)}, expected {expected}");
}
