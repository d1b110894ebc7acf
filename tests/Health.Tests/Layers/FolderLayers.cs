using System.Text.RegularExpressions;

namespace Candor.Health.Tests.Layers;

/// <summary>A use of one folder's type in another folder.</summary>
/// <param name="From">The folder that uses; a file directly in the project stands for itself.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="File">The file that uses it.</param>
/// <param name="Types">The types it uses.</param>
internal sealed record Arrow(string From, string To, string File, string Types)
{
    public override string ToString() => $"{From} -> {To} ({File}: {Types})";
}

/// <summary>
/// Reads from a project's sources which folder uses which. The namespace is the folder, and the compiler refuses an unused using, so the
/// usings tell; a type of an enclosing namespace needs none, so those are looked for by name.
/// </summary>
internal static partial class FolderLayers
{
    /// <summary>Every use between two folders.</summary>
    public static IReadOnlyList<Arrow> Read(string project)
    {
        var files = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(path => new Source(project, path))
            .Where(source => !source.Folder.StartsWith("bin", StringComparison.Ordinal)
                && !source.Folder.StartsWith("obj", StringComparison.Ordinal))
            .ToList();
        return [.. files.SelectMany(user => files.Where(used => used.Node != user.Node && !(used.IsBeside && user.IsBeside))
            .Select(used => (used.Node, Types: user.Uses(used)))
            .Where(use => use.Types.Count > 0)
            .GroupBy(use => use.Node)
            .Select(uses => new Arrow(
                user.Node,
                uses.Key,
                user.Name,
                string.Join(", ", uses.SelectMany(use => use.Types).Distinct().Order(StringComparer.Ordinal)))))];
    }

    /// <summary>
    /// The arrows that run back: of those between folders that reach each other, the fewest uses on the way, which are the ones to turn
    /// round.
    /// </summary>
    public static IReadOnlyList<Arrow> RunningBack(IReadOnlyList<Arrow> arrows)
    {
        var left = arrows.ToList();
        var back = new List<Arrow>();
        while (left.Where(arrow => Reaches(left, arrow.To, arrow.From)).ToList() is { Count: > 0 } circle)
        {
            var weakest = circle.GroupBy(arrow => (arrow.From, arrow.To))
                .OrderBy(uses => uses.Count())
                .ThenBy(uses => uses.Key.From, StringComparer.Ordinal)
                .ThenBy(uses => uses.Key.To, StringComparer.Ordinal)
                .First();
            back.AddRange(weakest);
            left.RemoveAll(arrow => (arrow.From, arrow.To) == weakest.Key);
        }

        return back;
    }

    /// <summary>Whether there is such an arrow, and it closes a circle.</summary>
    public static bool Closes(IReadOnlyList<Arrow> arrows, string from, string to) =>
        arrows.Any(arrow => (arrow.From, arrow.To) == (from, to)) && Reaches(arrows, to, from);

    private static bool Reaches(IReadOnlyList<Arrow> arrows, string from, string to)
    {
        var seen = new HashSet<string> { from };
        var next = new Queue<string>(seen);
        while (next.TryDequeue(out var folder))
        {
            if (folder == to)
            {
                return true;
            }

            foreach (var arrow in arrows.Where(arrow => arrow.From == folder && seen.Add(arrow.To)))
            {
                next.Enqueue(arrow.To);
            }
        }

        return false;
    }

    [GeneratedRegex(
        @"^(?:public|internal)\s+(?:static\s+|sealed\s+|abstract\s+|partial\s+|readonly\s+|unsafe\s+)*"
            + @"(?:record\s+struct|record|class|struct|interface|enum|delegate\s+[\w?<>]+)\s+(\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"^namespace\s+([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"^using\s+(?:static\s+)?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^\s*(?:using\s.*;|//.*)$|//.*$|""(?:[^""\\\n]|\\.)*""", RegexOptions.Multiline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?!\w|\s*=[^=>]|\s*:(?!:))")]
    private static partial Regex Names();

    // Members and parameters (string Pod), and values of an enum: their names may be those of types, too.
    [GeneratedRegex(@"(?<=\w[>?\])]* )[A-Z]\w*(?=\s*(?:=|\{|;|,|\)|\())|(?<=^\s*)[A-Z]\w*(?=,?\s*$)", RegexOptions.Multiline)]
    private static partial Regex Members();

    // Where a name can only be a type's.
    [GeneratedRegex(
        @"\b(?:new|is|as|static)\s([A-Z]\w*)|<([A-Z]\w*)[>,?]"
            + @"|(?<![\w.])([A-Z]\w*)[?>\]]*\s+[_a-zA-Z]|(?<![\w.])([A-Z]\w*)\.[A-Z]")]
    private static partial Regex SurelyTypes();

    private sealed class Source
    {
        private readonly HashSet<string> _usings;
        private readonly HashSet<string> _names;
        private readonly string[] _declared;

        public Source(string project, string path)
        {
            var text = File.ReadAllText(path);
            Folder = Path.GetRelativePath(project, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.');
            Name = Path.GetFileName(path);
            Namespace = Namespaces().Match(text) is { Success: true } found ? found.Groups[1].Value : string.Empty;
            _usings = [.. Usings().Matches(text).Select(match => match.Groups[1].Value)];
            _declared = [.. Declarations().Matches(text).Select(match => match.Groups[1].Value)];
            var code = NotCode().Replace(text, string.Empty);
            var sure = SurelyTypes().Matches(code).SelectMany(match => match.Groups.Values.Skip(1).Select(group => group.Value)).ToHashSet();
            var members = Members().Matches(code).Select(match => match.Value).ToHashSet();
            _names = [.. Names().Matches(code).Select(match => match.Value).Where(name => sure.Contains(name) || !members.Contains(name))];
        }

        public string Folder { get; }

        public string Name { get; }

        /// <summary>The namespace that it declares; empty for a program of statements.</summary>
        public string Namespace { get; }

        /// <summary>True for a file directly in the project.</summary>
        public bool IsBeside => Folder == ".";

        /// <summary>The folder directly below the project; a file beside it is a node of its own: one that uses no folder is for everybody.</summary>
        public string Node => Folder == "." ? Name : Folder.Split('.')[0];

        public List<string> Uses(Source other)
        {
            var (own, space) = (Namespace, other.Namespace);
            return own == space || own.StartsWith(space + ".", StringComparison.Ordinal) || _usings.Contains(space)
                ? [.. other._declared.Where(type => _names.Contains(type) || (type.EndsWith("Attribute", StringComparison.Ordinal) && _names.Contains(type[..^9])))]
                : [];
        }
    }
}
