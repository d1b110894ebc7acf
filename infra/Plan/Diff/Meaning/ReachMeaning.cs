namespace Candor.Planning;

/// <summary>What can reach what, where that changes.</summary>
internal static class ReachMeaning
{
    internal static IEnumerable<ReportCell> Of(PlanDiff diff)
    {
        var before = Openings.Of(diff.Base).ToHashSet(StringComparer.Ordinal);
        var after = Openings.Of(diff.Head).ToHashSet(StringComparer.Ordinal);
        return after.Except(before).Order(StringComparer.Ordinal)
            .Select(opening => new ReportCell($"opened: {opening}", ToneOf(opening)))
            .Concat(before.Except(after).Order(StringComparer.Ordinal).Select(opening => new ReportCell($"closed: {opening}")));
    }

    // The ports of the web may be meant for everybody; no other is.
    private static Tone ToneOf(string opening) =>
        opening.Contains(Openings.Everybody, StringComparison.Ordinal)
        && !opening.StartsWith("tcp 80 ", StringComparison.Ordinal)
        && !opening.StartsWith("tcp 443 ", StringComparison.Ordinal)
            ? Tone.Bad
            : Tone.Warning;
}
