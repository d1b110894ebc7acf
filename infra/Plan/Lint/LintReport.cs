using System.Globalization;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>What lint found, for people: in a terminal and on a pull request.</summary>
public static class LintReport
{
    /// <summary>The whole report.</summary>
    public static Report Of(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new($"{result.Project}/{result.Stack}: lint", Sections(result));
    }

    /// <summary>Its sections, to stand in a larger report: what was found, and what is waived.</summary>
    public static IReadOnlyList<ReportSection> Sections(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var found = new ReportSection("Lint", [new ReportText(Summary(result), ToneOf(result)), .. result.Findings.SelectMany(Blocks)]);
        return result.Waived.Count == 0 ? [found] : [found, Waived(result)];
    }

    /// <summary>
    /// What was found and in how much: <c>2 errors and 1 warning in 47 judged resources of 52, 1 finding waived; not checked: 3
    /// types.</c> It never says that rules hold where none applied.
    /// </summary>
    public static string Summary(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var waived = result.Waived.Count == 0 ? string.Empty : $", {Count(result.Waived.Count, "finding")} waived";
        var known = result.Known.Count == 0 ? string.Empty : $", {Count(result.Known.Count, "finding")} known before";
        var unread = result.TypesNotRead.Count == 0 ? string.Empty : $"; not checked: {Count(result.TypesNotRead.Count, "type")}";
        if (result is { Judged: 0, Findings.Count: 0 })
        {
            return $"No rule applied: none of {Count(result.Resources, "resource")} is of a type that is judged{waived}{unread}{NotReadable(result)}.";
        }

        var found = result.Findings.Count == 0
            ? "Nothing was found"
            : result.Notes == 0 ? $"{Count(result.Errors, "error")} and {Count(result.Warnings, "warning")}"
            : $"{Count(result.Errors, "error")}, {Count(result.Warnings, "warning")} and {Count(result.Notes, "note")}";
        return $"{found} in {Count(result.Judged, "judged resource")} of {result.Resources}{known}{waived}{unread}{NotReadable(result)}.";
    }

    internal static string Where(Finding finding) => finding.Resource.Length == 0 ? "the stack" : finding.Resource;

    internal static Tone ToneOf(LintResult result) => result.Errors > 0 ? Tone.Bad : result.Warnings > 0 ? Tone.Warning : Tone.Good;

    internal static Tone ToneOf(Severity severity) => severity switch
    {
        Severity.Error => Tone.Bad,
        Severity.Warning => Tone.Warning,
        _ => Tone.Muted,
    };

    internal static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? string.Empty : "s")}");

    private static string NotReadable(LintResult result) => result.Unreadable.Count == 0 ? string.Empty : $"; {string.Join("; ", result.Unreadable)}";

    private static IEnumerable<ReportBlock> Blocks(Finding finding)
    {
        yield return new ReportText($"{finding.Rule} {Where(finding)}", ToneOf(finding.Severity));
        yield return new ReportList([finding.Summary, new(finding.Why, Tone.Muted), $"Fix: {finding.Fix}"]);
    }

    private static ReportSection Waived(LintResult result) => new(
        "Waived",
        [
            new ReportList(
            [
                .. result.Waived.Select(waived => new ReportCell(
                    $"{waived.Finding.Rule} {Where(waived.Finding)}: {waived.Finding.Summary}. Reason: {waived.Reason}", Tone.Muted)),
            ]),
        ])
    { Folded = true };
}
