using Candor.Contract;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>A finding that the stack does not hold against itself.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Reason">Why the stack accepts it, as its file says.</param>
public sealed record WaivedFinding(Finding Finding, string Reason);

/// <summary>Applies a stack's waivers (<c>candor:waive</c>), and finds what is wrong with them.</summary>
internal static class Waivers
{
    /// <summary>The pseudo rule under which mistakes in the waivers themselves are reported.</summary>
    internal static readonly Rule Sound = new()
    {
        Id = "WV001",
        Severity = Severity.Error,
        Holds = "a waiver names a rule and gives a reason (error), and something is waived by it (warning)",
        Why = "A waiver outlives what it was for, and then hides the next mistake.",
        Fix = "Correct or remove the entry under candor:waive.",
        Example = "candor:waive.HC07 is an unknown rule, expected a rule's id; the nearest is HC007",
    };

    internal static (IReadOnlyList<Finding> Left, IReadOnlyList<WaivedFinding> Waived) Apply(Plan plan, LintSettings settings, IReadOnlyList<Finding> found)
    {
        var sound = new FindingList();
        var valid = new List<LintWaiver>();
        var ofStack = plan.Waivers.OrderBy(waiver => waiver.Key, StringComparer.Ordinal).Select(waiver => LintWaiver.Of(waiver.Key, waiver.Value, $"candor:waive.{waiver.Key}"));
        foreach (var waiver in ofStack.Concat(settings.Waivers))
        {
            if (RuleCatalogue.Find(waiver.Rule) is null)
            {
                var nearest = NearestName.Of(waiver.Rule, RuleCatalogue.Rules.Select(rule => rule.Id));
                sound.Add(Sound, null, waiver.Place, "an unknown rule", $"a rule's id{(nearest is null ? string.Empty : $"; the nearest is {nearest}")}");
            }
            else if (string.IsNullOrWhiteSpace(waiver.Reason))
            {
                sound.Add(Sound, null, waiver.Place, "without a reason", "why the rule does not hold for this stack", $"Write {waiver.Rule}: \"the reason\".");
            }
            else if (found.Any(waiver.Covers))
            {
                valid.Add(waiver);
            }
            else if (settings.Takes(waiver.Rule))
            {
                var where = waiver.Resource is { } resource ? $" in {resource}" : string.Empty;
                sound.Add(Sound, null, waiver.Place, $"unused (\"{waiver.Reason}\")", $"a finding of {waiver.Rule}{where}; there is none", "Remove it.", Severity.Warning);
            }
        }

        var waived = found.Select(finding => (finding, by: valid.Find(waiver => waiver.Covers(finding)))).ToList();
        return (
            [.. waived.Where(entry => entry.by is null).Select(entry => entry.finding), .. sound.Found],
            [.. waived.Where(entry => entry.by is not null).Select(entry => new WaivedFinding(entry.finding, entry.by!.Reason))]);
    }
}
