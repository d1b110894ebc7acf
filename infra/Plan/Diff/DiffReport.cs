namespace Candor.Planning;

/// <summary>A difference for a person: what it means first, then every field.</summary>
public static class DiffReport
{
    private const int LongestValue = 120;

    // What a reader sees before any detail fits a screen.
    private const int PointsOnAScreen = 12;

    /// <summary>The report.</summary>
    public static Report Of(PlanDiff diff)
    {
        ArgumentNullException.ThrowIfNull(diff);
        var title = $"{diff.Head.Project}, stack {diff.Head.Stack}: {Summary(diff)}";
        if (diff.IsEmpty)
        {
            return new(title, [new("What it means", [new ReportText("Nothing changes.", Tone.Good)])]);
        }

        var contract = ContractChanges.Of(diff);
        return new(title, [Meaning(diff), .. Numbers(contract), .. Fields(diff, contract), .. Lists(diff)]);
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
            ? [new ReportText("Nothing that users or whoever is on call would notice.", Tone.Good)]
            : points.Count <= PointsOnAScreen
            ? [new ReportList(points)]
            :
            [
                new ReportList([.. points.Take(PointsOnAScreen)]),
                new ReportFold([$"and {points.Count - PointsOnAScreen} more"], [new ReportList([.. points.Skip(PointsOnAScreen)])]),
            ]);
    }

    /// <summary>One decision a line, with its consequences below it.</summary>
    private static IEnumerable<ReportSection> Numbers(ContractChanges contract)
    {
        if (contract.Numbers.Count == 0)
        {
            yield break;
        }

        var several = contract.Numbers.DistinctBy(number => number.Workload.Urn).Count() > 1;
        var blocks = contract.Numbers.Select(number => (ReportBlock)new ReportFold(
            [
                ReportCell.Code(several ? $"{number.Workload.KubernetesName}: {number.Path}" : number.Path),
                ReportCell.Code(number.Texts.Was), new("becomes"), ReportCell.Code(number.Texts.Becomes),
                new($"({number.Follows.Count} field{(number.Follows.Count == 1 ? string.Empty : "s")})"),
            ],
            [Consequences(number.Follows)])).ToList();
        if (contract.Together.Count > 0)
        {
            blocks.Add(new ReportFold([$"What follows from these together ({contract.Together.Count} fields)"], [Consequences(contract.Together)]));
        }

        yield return new("In the health contract", blocks);
    }

    private static ReportTable Consequences(IReadOnlyList<ContractChanges.Consequence> follows) => new(
        null,
        ["field", "was", "becomes"],
        [.. follows.Select(one => (IReadOnlyList<ReportCell>)[ReportCell.Code(one.Field.Path) with { Owner = one.Resource }, Value(one.Field.Before), Value(one.Field.After)])]);

    private static IEnumerable<ReportSection> Fields(PlanDiff diff, ContractChanges contract)
    {
        var ordered = diff.Changed
            .Select(change => change with { Fields = [.. change.Fields.Where(field => !contract.Holds(change.After.Urn, field))] })
            .Where(change => change.Fields.Count > 0)
            .OrderByDescending(change => change.Replaced)
            .ThenBy(change => change.After.Urn, StringComparer.Ordinal)
            .ToList();
        if (ordered.Count > 0)
        {
            yield return new($"{(contract.Numbers.Count > 0 ? "Other changes" : "Changed")} ({ordered.Count})", [.. ordered.Select(Table)]) { Folded = true };
        }

        var outputs = diff.Outputs.Where(field => !contract.Holds(string.Empty, field)).ToList();
        if (outputs.Count > 0)
        {
            yield return new($"Outputs ({outputs.Count})", [Table(null, outputs)]) { Folded = true };
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
