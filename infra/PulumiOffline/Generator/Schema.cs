namespace Candor.PulumiOffline;

/// <summary>A schema file: the types of one package, as schema/write.mjs writes them.</summary>
internal sealed class Schema
{
    private Schema(string version, IReadOnlyList<SchemaType> types)
    {
        Version = version;
        Types = types;
    }

    /// <summary>The package's version, which its resources name to the engine.</summary>
    public string Version { get; }

    /// <summary>Every type in the file.</summary>
    public IReadOnlyList<SchemaType> Types { get; }

    /// <summary>Reads a file: a line of its own begins a type, an indented one is a member of it.</summary>
    public static Schema Parse(string text)
    {
        var (root, version) = ("", "");
        var types = new List<SchemaType>();
        foreach (var line in text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var words = line.Replace("~", root + ".").Split([' '], StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "package")
            {
                (root, version) = (words[1], words[2]);
            }
            else if (line[0] == ' ')
            {
                types[types.Count - 1].Members.Add(new SchemaMember(words));
            }
            else
            {
                types.Add(new SchemaType(words));
            }
        }
        return new Schema(version, types);
    }
}

/// <summary>One type: its kind, its name and what else its line says.</summary>
internal sealed class SchemaType(string[] words)
{
    /// <summary>resource, args, plain, lookup, output, function or enum.</summary>
    public string Kind { get; } = words[0];

    /// <summary>The full .NET name.</summary>
    public string FullName { get; } = words[1];

    /// <summary>The namespace.</summary>
    public string Namespace { get; } = words[1].Substring(0, words[1].LastIndexOf('.'));

    /// <summary>The name without namespace.</summary>
    public string Name { get; } = words[1].Substring(words[1].LastIndexOf('.') + 1);

    /// <summary>A resource's or function's token.</summary>
    public string Token => words[2];

    /// <summary>The type of a resource's arguments.</summary>
    public string Args => words[3];

    /// <summary>Its members.</summary>
    public List<SchemaMember> Members { get; } = [];

    /// <summary>Whether the line has the word.</summary>
    public bool Has(string word) => words.Skip(2).Contains(word);

    /// <summary>What follows <c>key=</c> on the line.</summary>
    public string? Value(string key) => Words.Value(words, key);
}

/// <summary>One member: its wire name, its type and what else its line says.</summary>
internal sealed class SchemaMember(string[] words)
{
    /// <summary>The name on the wire; of an enum, the .NET name.</summary>
    public string Wire { get; } = words[0];

    /// <summary>The .NET name.</summary>
    public string Name { get; } = Words.Value(words, "name") ?? char.ToUpperInvariant(words[0][0]) + words[0].Substring(1);

    /// <summary>The type; of an enum, the value.</summary>
    public string Type { get; } = words[1];

    /// <summary>Whether the line has the word.</summary>
    public bool Has(string word) => words.Skip(2).Contains(word);

    /// <summary>What follows <c>key=</c> on the line; it may hold spaces at the line's end.</summary>
    public string? Value(string key) => Words.Value(words, key);
}

/// <summary>Finds <c>key=value</c> among the words of a line.</summary>
internal static class Words
{
    public static string? Value(string[] words, string key)
    {
        var at = Array.FindIndex(words, w => w.StartsWith(key + "=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }
        var value = words[at].Substring(key.Length + 1);
        // A quoted value ends with its quote, however many words that takes.
        for (at++; value.StartsWith('"') && (value.Length == 1 || !value.EndsWith('"')); at++)
        {
            value += " " + words[at];
        }
        return value;
    }
}
