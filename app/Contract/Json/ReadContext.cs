using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>Where a reader stands in the text, and what it has found so far.</summary>
/// <param name="Path">The property, as <c>balancer.timeout</c>; empty for the whole.</param>
/// <param name="Violations">The mistakes.</param>
/// <param name="Ignored">What is not known and is passed over; null where that is a mistake.</param>
internal sealed record ReadContext(string Path, List<Violation> Violations, List<string>? Ignored)
{
    private const int LongestShown = 60;

    internal ReadContext Below(string key) => this with { Path = Path.Length == 0 ? key : $"{Path}.{key}" };

    internal ReadContext Item(int index) => this with { Path = $"{Path}[{index}]" };

    internal void Mismatch(JsonNode? node, string expected) => Violations.Add(new(
        "CT010",
        Path.Length == 0 ? "contract" : Path,
        Shown(node),
        expected,
        "It cannot be read.",
        $"Write {expected}."));

    internal void UnknownKey(string key, IEnumerable<string> known)
    {
        if (Ignored is not null)
        {
            Ignored.Add(Path);
            return;
        }

        var nearest = NearestName.Of(key, known);
        Violations.Add(new(
            "CT010",
            Path,
            "an unknown key",
            nearest is null ? "one of " + string.Join(", ", known) : $"\"{nearest}\"",
            "An unknown property is an error, because it may be a typing mistake.",
            nearest is null ? $"Remove \"{key}\"." : $"Write \"{nearest}\" instead of \"{key}\", or remove it."));
    }

    internal void UnknownChoice(JsonNode? node, string expected)
    {
        if (Ignored is not null && node is JsonValue)
        {
            Ignored.Add($"{Path}: {Shown(node)}");
            return;
        }

        Mismatch(node, expected);
    }

    internal void Require(JsonNode? node, params IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            if (node is JsonObject item && item[key] is null)
            {
                Violations.Add(new("CT010", $"{Path}.{key}", "nothing", "a value", "It is required.", $"Add \"{key}\"."));
            }
        }
    }

    private static string Shown(JsonNode? node)
    {
        var text = node?.ToJsonString(ContractJson.Options) ?? "null";
        return text.Length <= LongestShown ? text : text[..(LongestShown - 3)] + "...";
    }
}
