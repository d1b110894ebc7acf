using System.Text;

namespace Candor.Planning;

/// <summary>Text of others made safe for Markdown.</summary>
internal static class MarkdownText
{
    private const int MaximumLength = 300;

    /// <summary>One line that means nothing to Markdown, HTML or GitHub's mentions and references.</summary>
    internal static string Inline(string text)
    {
        var result = new StringBuilder();
        foreach (var character in text.Length <= MaximumLength ? text : text[..MaximumLength] + "…")
        {
            _ = character switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '@' => result.Append("&#64;"),
                '#' => result.Append("&#35;"),
                '|' => result.Append("&#124;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '~' or '!' or '$' => result.Append('\\').Append(character),
                _ when char.IsControl(character) => result.Append(' '),
                _ => result.Append(character),
            };
        }

        return result.ToString();
    }

    /// <summary>Lines as they stand, in a block that none of them can end.</summary>
    internal static string Fenced(IEnumerable<string> lines)
    {
        var body = string.Concat(lines.Select(line => new string([.. line.Take(MaximumLength).Where(character => !char.IsControl(character))]) + "\n"));
        var ticks = 3;
        while (body.Contains(new string('`', ticks), StringComparison.Ordinal))
        {
            ticks++;
        }

        var fence = new string('`', ticks);
        return $"{fence}text\n{body}{fence}\n";
    }

    /// <summary>How much of a list was not shown, or nothing.</summary>
    internal static string LeftOut(int count, int limit, string what) =>
        count <= limit ? string.Empty : $"\n… and {count - limit} more {what}{(count - limit == 1 ? string.Empty : "s")}.\n";
}
