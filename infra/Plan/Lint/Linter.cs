using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>Holds a Plan against every rule.</summary>
public static class Linter
{
    /// <summary>Everything that does not hold. Works on any Plan; what is not known is never held against it.</summary>
    public static LintResult Lint(Plan plan) => Lint(plan, LintSettings.Default);

    /// <summary>What does not hold of what is asked for.</summary>
    public static LintResult Lint(Plan plan, LintSettings settings)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(settings);
        var scope = new LintScope(plan);
        var findings = new FindingList(settings.IsStrict || scope.HasContract);
        foreach (var family in RuleCatalogue.Families)
        {
            family.Check(scope, findings);
        }

        var (left, waived) = Waivers.Apply(plan, settings, [.. Causes.Merge(findings.Found).Where(finding => settings.Takes(finding.Rule))]);
        var told = left.Where(finding => finding.Severity >= settings.Severity).ToLookup(finding => settings.Baseline?.Knows(finding) == true);
        return new()
        {
            Project = plan.Project,
            Stack = plan.Stack,
            Findings = [.. Ordered(told[false], finding => finding)],
            Known = [.. Ordered(told[true], finding => finding)],
            FailOn = settings.FailOn,
            Unreadable = Unreadable.In(scope),
            Waived = [.. Ordered(waived, entry => entry.Finding)],
            Resources = plan.ResourceCount,
            Judged = plan.Resources.Count(JudgedTypes.Judges),
            TypesNotRead = JudgedTypes.NotRead(plan),
        };
    }

    private static IEnumerable<T> Ordered<T>(IEnumerable<T> items, Func<T, Finding> finding) => items
        .OrderByDescending(item => finding(item).Severity)
        .ThenBy(item => finding(item).Rule, StringComparer.Ordinal)
        .ThenBy(item => finding(item).Resource, StringComparer.Ordinal)
        .ThenBy(item => finding(item).Property, StringComparer.Ordinal)
        .ThenBy(item => finding(item).Expected, StringComparer.Ordinal);
}
