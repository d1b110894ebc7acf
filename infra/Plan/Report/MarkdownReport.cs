using System.Text;

namespace Candor.Planning;

/// <summary>
/// A report as Markdown for a pull-request comment. It always fits: what is too long is cut with the count of what was left out.
/// Nothing in it mentions a person, refers to an issue, links or leaves its place, whatever names a Plan holds.
/// </summary>
public static class MarkdownReport
{
    /// <summary>The longest text that is written, in characters; GitHub refuses comments of more than 65,536.</summary>
    public const int MaximumLength = 60_000;

    // How much of each list is shown; the first that fits is taken.
    private static readonly int[] Limits = [int.MaxValue, 400, 150, 60, 25, 10, 4, 1];

    /// <summary>The report, at most <see cref="MaximumLength"/> characters.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="marker">A hidden text by which a workflow finds its own comment again, or null.</param>
    public static string Write(Report report, string? marker = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var limit in Limits)
        {
            var text = Write(report, marker, limit);
            if (text.Length <= MaximumLength)
            {
                return text;
            }
        }

        // Only a Plan with thousands of sections or names of thousands of letters comes here.
        return Write(report with { Sections = [] }, marker, 1) + "\nThe report is too long for a comment; run `./candor preview` to see it.\n";
    }

    private static string Write(Report report, string? marker, int limit)
    {
        var text = new StringBuilder();
        if (marker is not null)
        {
            text.Append("<!-- ").Append(marker.Replace("--", "- -", StringComparison.Ordinal)).Append(" -->\n");
        }

        text.Append("## ").Append(MarkdownText.Inline(report.Title)).Append('\n');
        foreach (var section in report.Sections)
        {
            Write(text, section, limit);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ReportSection section, int limit)
    {
        text.Append(section.Folded
            ? $"\n<details><summary>{MarkdownText.Html(section.Title)}</summary>\n"
            : $"\n### {MarkdownText.Inline(section.Title)}\n");
        foreach (var block in section.Blocks.Take(limit))
        {
            text.Append('\n').Append(MarkdownBlocks.Write(block, limit));
        }

        text.Append(MarkdownText.LeftOut(section.Blocks.Count, limit, "part"));
        if (section.Folded)
        {
            text.Append("\n</details>\n");
        }
    }
}
