namespace Candor.Planning;

/// <summary>A difference for a person: what it means first, then every field.</summary>
public static class DiffReport
{
    private const int LongestValue = 120;

    /// <summary>The report.</summary>
    public static Report Of(PlanDiff diff)
    {
        ArgumentNullException.ThrowIfNull(diff);
        var title = $"{diff.Head.Project}, stack {diff.Head.Stack}: {Summary(diff)}";
        return diff.IsEmpty
            ? new(title, [new("What it means", [new ReportText("Nothing changes.", Tone.Good)])])
            : new(title, [Meaning(diff), .. Fields(diff), .. Lists(diff)]);
    }

    /// <summary>Counts in one line.</summary>
    public static string Summary(PlanDiff diff)
    {
        ArgumentNullException.ThrowIfNull(diff);
        var replaced = diff.Changed.Count(change => change.Replaced);
        return $"{diff.Added.Count} added, {diff.Changed.Count - replaced} changed, {replaced} replaced, {diff.Removed.Count} removed";
    }

    private static ReportSection Meaning(PlanDiff diff)
    {
        // Worst first; within one tone what the families say stays in their order.
        var points = Meanings.Of(diff).OrderByDescending(point => point.Tone switch { Tone.Bad => 2, Tone.Warning => 1, _ => 0 }).ToList();
        return new("What it means", points.Count == 0
            ? [new ReportText("Nothing that users or on-call engineers would notice.", Tone.Good)]
            : [new ReportList(points)]);
    }

    private static IEnumerable<ReportSection> Fields(PlanDiff diff)
    {
        var ordered = diff.Changed.OrderByDescending(change => change.Replaced).ThenBy(change => change.After.Urn, StringComparer.Ordinal).ToList();
        if (ordered.Count > 0)
        {
            yield return new($"Changed ({ordered.Count})", [.. ordered.Select(Table)]) { Folded = true };
        }

        if (diff.Outputs.Count > 0)
        {
            yield return new($"Outputs ({diff.Outputs.Count})", [Table(null, diff.Outputs)]) { Folded = true };
        }
    }

    private static IEnumerable<ReportSection> Lists(PlanDiff diff)
    {
        if (diff.Added.Count > 0)
        {
            yield return new($"Added ({diff.Added.Count})", [Names(diff.Added)]) { Folded = diff.Added.Count > 10 };
        }

        if (diff.Removed.Count > 0)
        {
            yield return new($"Removed ({diff.Removed.Count})", [Names(diff.Removed)]) { Folded = diff.Removed.Count > 10 };
        }
    }

    private static ReportList Names(IReadOnlyList<PlanResource> resources) => new([.. resources.Select(resource => new ReportCell(Meanings.NameOf(resource)))]);

    private static ReportTable Table(ResourceChange change) =>
        Table($"{Meanings.NameOf(change.After)}{(change.Replaced ? " (replaced)" : string.Empty)}", change.Fields);

    private static ReportTable Table(string? caption, IReadOnlyList<FieldChange> fields) => new(
        caption,
        ["field", "was", "becomes"],
        [.. fields.Select(field => (IReadOnlyList<ReportCell>)
        [
            field.ForcesReplacement ? new ReportCell($"{field.Path} (forces replacement)", Tone.Warning) : ReportCell.Code(field.Path),
            Value(field.Before),
            Value(field.After),
        ])]);

    private static ReportCell Value(PlanValue value)
    {
        if (!value.Exists)
        {
            return ReportCell.Nothing;
        }

        var text = value.Text ?? value.ToString();
        return ReportCell.Code(text.Length <= LongestValue ? text : $"{text[..LongestValue]}… ({text.Length} characters)");
    }
}
