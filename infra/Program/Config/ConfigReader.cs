using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>Reads typed values out of the stack's configuration and collects every problem instead of stopping at the first.</summary>
internal sealed class ConfigReader(IReadOnlyDictionary<string, string> values)
{
    private static readonly Dictionary<string, ConfigKey> Keys = ConfigKeys.All.ToDictionary(key => key.FullName, StringComparer.Ordinal);
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>The directory of <c>Pulumi.yaml</c>, or null to search upward from the current one.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Notes a problem.</summary>
    public void Add(ConfigProblem problem) => _problems.Add(problem);

    /// <summary>Notes a problem with a key of the table.</summary>
    public void Add(string name, string? found, string expected, string fix) => Add(new(Key(name).FullName, found, expected, fix));

    /// <summary>Reports every unknown key under the namespace.</summary>
    public void CheckNames()
    {
        var prefix = ConfigKeys.Namespace + ":";
        foreach (var name in values.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !Keys.ContainsKey(name)))
        {
            var nearest = NearestName.Of(name, Keys.Keys);
            Add(new(
                name,
                "unknown",
                nearest is null ? "one of the keys of docs/program.md" : $"a key such as {nearest}",
                nearest is null ? "Remove it." : $"Write {nearest}, or remove it."));
        }
    }

    /// <summary>The text of the key, or of its default; empty when neither is set.</summary>
    public string Text(string name)
    {
        var key = Key(name);
        var text = Raw(key);
        if (text is null)
        {
            Add(name, null, key.Allowed, $"Set it with `pulumi config set {key.FullName} VALUE`.");
            return string.Empty;
        }

        if (text.Length > 0 && key.Choices.Count > 0 && !key.Choices.Contains(text, StringComparer.Ordinal))
        {
            Add(name, $"\"{text}\"", key.Allowed, $"Write {NearestName.Of(text, key.Choices) ?? key.Choices[0]}.");
        }
        else if (text.Length > 0 && !key.Form.Holds(text))
        {
            Add(name, $"\"{text}\"", key.Allowed, "Correct the text.");
        }

        return text;
    }

    /// <summary>Like <see cref="Text"/>, with null for what is not set.</summary>
    public string? Optional(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>One of the names of an enum, compared without case and underscores; the first when it is none of them.</summary>
    public T Choice<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(name).Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var value)
            ? value
            : default;

    /// <summary>A whole number within the key's range.</summary>
    public int Integer(string name)
    {
        var key = Key(name);
        var text = Raw(key) is { Length: > 0 } found ? found : key.Default;
        var (minimum, maximum) = key.Range ?? (int.MinValue, int.MaxValue);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || number < minimum
            || number > maximum)
        {
            Add(name, $"\"{text}\"", key.Allowed, $"Write a whole number from {minimum} to {maximum}.");
            return minimum;
        }

        return number;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Boolean(string name)
    {
        var key = Key(name);
        var text = Raw(key) is { Length: > 0 } found ? found : key.Default;
        if (!bool.TryParse(text, out var flag))
        {
            Add(name, $"\"{text}\"", key.Allowed, "Write true or false.");
        }

        return flag;
    }

    /// <summary>A list of texts.</summary>
    public ImmutableArray<string> List(string name)
    {
        var key = Key(name);
        if (Json(name) is not { } json)
        {
            return [];
        }

        if (json.ValueKind != JsonValueKind.Array || json.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            Add(name, json.GetRawText(), key.Allowed, "Write a YAML list of texts.");
            return [];
        }

        ImmutableArray<string> items = [.. json.EnumerateArray().Select(item => item.GetString()!)];
        foreach (var item in items.Where(item => item.Length == 0 || !key.Form.Holds(item)))
        {
            Add(name, $"\"{item}\"", key.Form.Singular, "Correct the item, or remove it.");
        }

        return items;
    }

    /// <summary>An object whose values are texts.</summary>
    public ImmutableSortedDictionary<string, string> Map(string name)
    {
        var key = Key(name);
        if (Json(name) is not { } json)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            Add(name, json.GetRawText(), "an object: name to text", "Write a YAML object whose values are texts.");
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        foreach (var member in json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.String))
        {
            Add(new(
                $"{key.FullName}.{member.Name}",
                member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.GetRawText(),
                "a text",
                member.Value.ValueKind == JsonValueKind.Null ? "Write the text behind the colon." : "Put it in quotes."));
        }

        return json.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.String)
            .ToImmutableSortedDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>The JSON of a list or an object; null, with the problem noted, when it cannot be read.</summary>
    public JsonElement? Json(string name)
    {
        var key = Key(name);
        var text = Raw(key) is { Length: > 0 } found ? found : key.Default ?? "null";
        try
        {
            using var document = JsonDocument.Parse(text, new() { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            Add(name, key.HoldsSecrets ? "text" : $"\"{text}\"", key.Allowed, "Write it as YAML in the stack file, not as text.");
            return null;
        }
    }

    /// <summary>A secret, or null when it is not set.</summary>
    public SecretText? Secret(string name) => Raw(Key(name)) is { Length: > 0 } text ? new(text) : null;

    private static ConfigKey Key(string name) => Keys[$"{ConfigKeys.Namespace}:{name}"];

    private string? Raw(ConfigKey key) => values.TryGetValue(key.FullName, out var text) ? text : key.Default;
}
