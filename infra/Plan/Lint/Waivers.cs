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
    /// <summary>The pseudo rule under which mistakes in the waivers themselves are told.</summary>
    internal static readonly Rule Sound = new()
    {
        Id = "WV001",
        Severity = Severity.Error,
        Holds = "a waiver names a rule and gives a reason (error), and something is waived by it (warning)",
        Why = "A waiver outlives what it was for, and then hides the next mistake.",
        Fix = "Correct or remove the entry under candor:waive.",
        Example = "candor:waive.HC07 is an unknown rule, expected a rule's id; the nearest is HC007",
    };

    internal static (IReadOnlyList<Finding> Left, IReadOnlyList<WaivedFinding> Waived) Apply(Plan plan, IReadOnlyList<Finding> found)
    {
        var sound = new FindingList();
        var valid = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, reason) in plan.Waivers.OrderBy(waiver => waiver.Key, StringComparer.Ordinal))
        {
            var property = $"candor:waive.{id}";
            if (RuleCatalogue.Find(id) is null)
            {
                var nearest = NearestName.Of(id, RuleCatalogue.Rules.Select(rule => rule.Id));
                sound.Add(Sound, null, property, "an unknown rule", $"a rule's id{(nearest is null ? string.Empty : $"; the nearest is {nearest}")}");
            }
            else if (string.IsNullOrWhiteSpace(reason))
            {
                sound.Add(Sound, null, property, "without a reason", "why the rule does not hold for this stack", $"Write {id}: \"the reason\".");
            }
            else if (found.All(finding => finding.Rule != id))
            {
                sound.Add(Sound, null, property, $"unused (\"{reason}\")", $"a finding of {id}; there is none", "Remove it.", Severity.Warning);
            }
            else
            {
                valid[id] = reason;
            }
        }

        return (
            [.. found.Where(finding => !valid.ContainsKey(finding.Rule)), .. sound.Found],
            [.. found.Where(finding => valid.ContainsKey(finding.Rule)).Select(finding => new WaivedFinding(finding, valid[finding.Rule]))]);
    }
}
