using System.Collections.Immutable;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>One object of <c>candor:services</c>: reads its members and notes problems under their full path.</summary>
internal sealed class ServicePart(ConfigReader reader, JsonElement json, string path)
{
    /// <summary>The path of the object, such as <c>candor:services[0]</c>.</summary>
    public string Path => path;

    /// <summary>Whether it is an object; notes it when not.</summary>
    public bool IsObject()
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        reader.Add(new(
            path, json.GetRawText(), "an object with name, image and paths or hosts", "Write name: and what follows below the dash."));
        return false;
    }

    /// <summary>Notes every member that is not known.</summary>
    public void CheckNames(IReadOnlyList<string> known)
    {
        foreach (var member in json.EnumerateObject().Where(member => !known.Contains(member.Name, StringComparer.Ordinal)))
        {
            var nearest = NearestName.Of(member.Name, known);
            reader.Add(new(
                $"{path}.{member.Name}",
                "unknown",
                nearest is null ? $"one of {string.Join(", ", known)}" : $"a key such as {nearest}",
                nearest is null ? "Remove it." : $"Write {nearest}, or remove it."));
        }
    }

    /// <summary>A member, or null.</summary>
    public JsonElement? Member(string name) => json.TryGetProperty(name, out var member) ? member : null;

    /// <summary>A text of the given form; without a fallback it must be there.</summary>
    public string Text(string name, TextForm form, string? fallback = null)
    {
        var member = Member(name);
        if (member is null && fallback is not null)
        {
            return fallback;
        }

        var text = member is { ValueKind: JsonValueKind.String } value ? value.GetString()! : null;
        if (text is null || !form.Holds(text))
        {
            reader.Add(new($"{path}.{name}", member?.GetRawText(), form.Singular, member is null ? "Add it." : "Correct the text."));
        }

        return text ?? string.Empty;
    }

    /// <summary>A whole number within a range.</summary>
    public int Integer(string name, int fallback, int minimum, int maximum)
    {
        if (Member(name) is not { } member)
        {
            return fallback;
        }

        if (member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        reader.Add(new(
            $"{path}.{name}", member.GetRawText(), $"{minimum}–{maximum}", $"Write a whole number from {minimum} to {maximum}."));
        return fallback;
    }

    /// <summary>A list of texts.</summary>
    public ImmutableArray<string> List(string name)
    {
        if (Member(name) is not { } member)
        {
            return [];
        }

        if (member.ValueKind == JsonValueKind.Array && member.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return [.. member.EnumerateArray().Select(item => item.GetString()!)];
        }

        reader.Add(new($"{path}.{name}", member.GetRawText(), "a list of texts", "Write a YAML list of texts."));
        return [];
    }
}
