using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>What lint found on one screen: by resource, the worst first, notes only counted.</summary>
public static partial class LintOverview
{
    /// <summary>Lines that fit below the prompt of a usual terminal.</summary>
    private const int Lines = 26;

    private const int LongestLine = 180;

    /// <summary>What a usual terminal holds in a line, less what is left free where words are not broken.</summary>
    private const int Columns = 60;

    /// <summary>Where containers stand, said by every finding about one.</summary>
    private const string Pods = "spec.template.spec.";

    /// <summary>The report; <see cref="LintReport.Of"/> says everything.</summary>
    public static Report Of(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var told = result.Findings.Where(finding => finding.Severity > Severity.Note).ToList();
        var groups = told.GroupBy(finding => finding.Resource, StringComparer.Ordinal)
            .OrderByDescending(group => group.Max(finding => finding.Severity))
            .ThenByDescending(group => group.Count(finding => finding.Severity == Severity.Error))
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.ToList())
            .ToList();
        var blocks = new List<ReportBlock>();
        var left = Lines;
        var shown = 0;
        foreach (var group in groups)
        {
            // A resource is shown whole or not at all, unless it alone fills the screen.
            var height = group.Sum(Height) + 1;
            if (blocks.Count > 0 && left < height)
            {
                break;
            }

            var some = height <= left ? group : group.Take(Lines / 3).ToList();
            blocks.Add(new ReportText(LintReport.Where(group[0])));
            blocks.Add(new ReportList([.. some.Select(finding => new ReportCell(Line(finding), LintReport.ToneOf(finding.Severity)))]));
            left -= some.Sum(Height) + 1;
            shown += some.Count;
        }

        if (shown < told.Count)
        {
            var rest = told.Count - shown;
            blocks.Add(new ReportText($"… and {LintReport.Count(rest, "finding")} more in {LintReport.Count(groups.Count - blocks.OfType<ReportList>().Count(), "resource")}."));
        }

        if (result.Notes > 0)
        {
            blocks.Add(new ReportText($"{LintReport.Count(result.Notes, "note")}: {ByRule(result)}.", Tone.Muted));
        }

        blocks.Add(new ReportText(LintReport.Summary(result), LintReport.ToneOf(result)));
        if (result.Findings.Count > 0)
        {
            blocks.Add(new ReportText("Every finding with its reason and what to change: --explain. Each rule: docs/rules.md.", Tone.Muted));
        }

        return new($"{result.Project}/{result.Stack}: lint", [new ReportSection("Lint", blocks)]);
    }

    private static string Line(Finding finding)
    {
        var line = $"{finding.Rule} {Annotation().Replace(finding.Summary.Replace(Pods, string.Empty, StringComparison.Ordinal), "$1")}";
        return line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine - 1), "…");
    }

    [GeneratedRegex("metadata\\.annotations\\[\"([^\"]{1,200})\"\\]", RegexOptions.CultureInvariant)]
    private static partial Regex Annotation();

    private static int Height(Finding finding) => 1 + (Line(finding).Length / Columns);

    private static string ByRule(LintResult result) => string.Join(", ", result.Findings
        .Where(finding => finding.Severity == Severity.Note)
        .GroupBy(finding => finding.Rule, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}")));
}
