using System.Text;

namespace Candor.Planning;

/// <summary>The blocks of a report as Markdown, each list cut at a limit.</summary>
internal static class MarkdownBlocks
{
    // As many characters as the column of a comment has.
    private const int WidestLine = 100;

    internal static string Write(ReportBlock block, int limit) => block switch
    {
        ReportText text => $"{Toned(text.Tone, MarkdownText.Inline(text.Text))}\n",
        ReportList list => string.Concat(list.Points.Take(limit).Select(point => $"- {Toned(point.Tone, MarkdownText.Inline(point.Text))}\n"))
            + MarkdownText.LeftOut(list.Points.Count, limit, "point"),
        ReportTable table => Table(table, limit),
        ReportTree tree => Tree(tree, limit),
        ReportPicture picture => MarkdownText.Fenced(TimePictureText.Lines(picture.Picture)),
        ReportFold fold => Fold(fold, limit),
        _ => throw new ArgumentException($"A {block.GetType().Name} cannot be written as Markdown.", nameof(block)),
    };

    private static string Table(ReportTable table, int limit)
    {
        var text = new StringBuilder();
        if (table.Caption is { } caption && MarkdownText.Inline(caption) is { Length: > 0 } inline)
        {
            text.Append("**").Append(inline).Append("**\n\n");
        }

        text.Append("| ").AppendJoin(" | ", table.Columns.Select(MarkdownText.Cell)).Append(" |\n");
        text.Append('|').Insert(text.Length, " --- |", table.Columns.Count).Append('\n');
        foreach (var row in table.Rows.Take(limit))
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");
        }

        return text.Append(MarkdownText.LeftOut(table.Rows.Count, limit, "row")).ToString();
    }

    private static string Fold(ReportFold fold, int limit)
    {
        var summary = string.Join(' ', fold.Summary.Select(cell => Toned(cell.Tone, cell.IsCode ? MarkdownText.HtmlCode(cell.Text) : MarkdownText.Html(cell.Text))));
        var blocks = fold.Blocks.Take(limit).Select(block => $"\n{Write(block, limit)}");
        return $"<details><summary>{summary}</summary>\n{string.Concat(blocks)}{MarkdownText.LeftOut(fold.Blocks.Count, limit, "part")}\n</details>\n";
    }

    private static string Tree(ReportTree tree, int limit)
    {
        // A tree is one list: what counts is how many lines it has in all.
        var lines = TreeText.Lines(tree).SelectMany(Folded).ToList();
        var shown = limit > int.MaxValue / 8 ? lines.Count : limit * 8;
        return MarkdownText.Fenced(lines.Take(shown)) + MarkdownText.LeftOut(lines.Count, shown, "resource");
    }

    // A line that is wider than the column of a comment goes on below its node.
    private static IEnumerable<string> Folded(string line)
    {
        var stem = line[..(line.Length - line.TrimStart(' ', '│', '├', '└', '─').Length)].Replace('├', '│').Replace('└', ' ').Replace('─', ' ') + "    ";
        while (line.Length > WidestLine && line.LastIndexOf(' ', WidestLine) is var at && at > stem.Length)
        {
            yield return line[..at];
            line = stem + line[(at + 1)..];
        }

        yield return line;
    }

    private static string Cell(ReportCell cell)
        => Toned(
            cell.Tone,
            (cell.Owner is { } owner ? $"{MarkdownText.Cell(owner)} " : string.Empty)
            + (cell.IsCode ? MarkdownText.CodeCell(cell.Text) : MarkdownText.Cell(cell.Text)));

    private static string Toned(Tone tone, string text) => tone switch
    {
        Tone.Bad => $"❌ {text}",
        Tone.Warning => $"⚠️ {text}",
        _ => text,
    };
}
