using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Candor.Planning;

/// <summary>
/// Text from a Plan made inert in Markdown. GitHub looks for mentions, references and links in the decoded text, so escaping or
/// entities do not help; it never looks into code, so a word that could be one of them is written as code.
/// </summary>
internal static partial class MarkdownText
{
    private const int MaximumLength = 300;

    // Two values and a field side by side fit the column of a pull request.
    private const int LongestWord = 28;

    private static readonly SearchValues<char> Meaningful = SearchValues.Create("`*_[]~$<>&@#|\\");

    private static readonly string[] Comparisons = ["<", ">", "<=", ">=", "<>", "&", "&&"];

    /// <summary>One line for a heading, paragraph or list item.</summary>
    internal static string Inline(string text) => Words(text, inTable: false);

    /// <summary>One line for a cell of a table, where a pipe ends the cell even within code.</summary>
    internal static string Cell(string text) => Words(text, inTable: true);

    /// <summary>The whole text as code for a cell of a table. Code is broken at blanks only, so long words may be broken within too.</summary>
    internal static string CodeCell(string text)
    {
        var line = OneLine(text);
        return line.Split(' ').All(word => word.Length <= LongestWord)
            ? line.Length == 0 ? string.Empty : Code(line, inTable: true)
            : string.Join("<wbr>", line.Chunk(LongestWord).Select(part => Code(Trimmed(part), inTable: true)));
    }

    /// <summary>One line within an HTML element, where Markdown is not read.</summary>
    internal static string Html(string text)
        => string.Join(' ', Runs(text).Select(run => run.IsCode ? $"<code>{Entities(run.Text)}</code>" : Entities(run.Text)));

    /// <summary>The whole text as code within an HTML element.</summary>
    internal static string HtmlCode(string text) => $"<code>{Entities(OneLine(text))}</code>";

    /// <summary>Lines as they are, in a block that none of them can end.</summary>
    internal static string Fenced(IEnumerable<string> lines)
    {
        var body = string.Concat(lines.Select(line => Printable(line.Length <= MaximumLength ? line : line[..MaximumLength] + "…") + "\n"));
        var fence = new string('`', Math.Max(3, LongestRun(body, '`') + 1));
        return $"{fence}text\n{body}{fence}\n";
    }

    /// <summary>How much of a list was not shown, or nothing.</summary>
    internal static string LeftOut(int count, int limit, string what) =>
        count <= limit ? string.Empty : $"\n… and {count - limit} more {what}{(count - limit == 1 ? string.Empty : "s")}.\n";

    private static string Words(string text, bool inTable)
        => string.Join(' ', Runs(text).Select(run => run.IsCode ? Code(run.Text, inTable) : Entities(run.Text)));

    // Words of one kind that follow each other are one run.
    private static IEnumerable<(string Text, bool IsCode)> Runs(string text)
    {
        var run = new List<string>();
        var isCode = false;
        foreach (var word in OneLine(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var wordIsCode = HasMeaning(word, isFirst: run.Count == 0);
            if (wordIsCode != isCode && run.Count > 0)
            {
                yield return (string.Join(' ', run), isCode);
                run.Clear();
            }

            isCode = wordIsCode;
            run.Add(word);
        }

        if (run.Count > 0)
        {
            yield return (string.Join(' ', run), isCode);
        }
    }

    private static bool HasMeaning(string word, bool isFirst)
        => (!Comparisons.Contains(word) && word.AsSpan().ContainsAny(Meaningful))
            || Reference().IsMatch(word)
            || (isFirst && BlockStart().IsMatch(word));

    private static string OneLine(string text)
        => Printable(text.Length <= MaximumLength ? text : text[..MaximumLength] + "…").Trim();

    // Control and format characters, which may turn the direction of the text, become blanks; half a surrogate pair what UTF-8 makes of it.
    private static string Printable(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                ? result.Append(' ')
                : result.Append(rune.ToString());
        }

        return result.ToString();
    }

    private static string Code(string text, bool inTable)
    {
        if (inTable)
        {
            // A backslash before the pipe would escape the escaping.
            text = text.Replace("\\|", "\\ |", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
        }

        var ticks = new string('`', LongestRun(text, '`') + 1);
        var blank = ticks.Length > 1 ? " " : string.Empty;
        return $"{ticks}{blank}{text}{blank}{ticks}";
    }

    private static string Entities(string text)
        => text
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    // A blank at the end of code would be eaten, and code of blanks alone is none.
    private static string Trimmed(char[] part) => new string(part).Replace(' ', '\u00a0');

    private static int LongestRun(string text, char character)
    {
        var (longest, current) = (0, 0);
        foreach (var each in text)
        {
            current = each == character ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        return longest;
    }

    // Links, issues as GH-12, commits, emoji.
    [GeneratedRegex(@"://|www\.|\bGH-[0-9]|\b[0-9a-f]{7,40}\b|:[\w+-]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    // What would begin a list, a rule or a heading.
    [GeneratedRegex(@"^([-+=]+|[0-9]+[.)])$")]
    private static partial Regex BlockStart();
}
