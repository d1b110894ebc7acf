using Candor.Contract;

namespace Candor.Planning;

/// <summary>A Plan's settings and timeline, for a person before it is deployed.</summary>
public static class PreviewReport
{
    /// <summary>The report: health first, then its timeline, outputs and resources.</summary>
    /// <param name="plan">The Plan.</param>
    /// <param name="findings">Further sections that stand behind the timeline, such as what lint found.</param>
    public static Report Of(Plan plan, params IReadOnlyList<ReportSection> findings)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(
            $"{plan.Project}, stack {plan.Stack}: {plan.ResourceCount} resources",
            [Health(plan), .. Timeline(plan), .. findings, Outputs(plan), Resources(plan)]);
    }

    /// <summary>The pictures of the Plan's contract; none without one.</summary>
    public static IReadOnlyList<TimePicture> Pictures(Plan plan) =>
        plan.Contract is { } contract && plan.Timeline is { } timeline
            ? [TimePictures.Detection(timeline), TimePictures.Drain(contract), TimePictures.Rollout(timeline)]
            : [];

    private static ReportSection Health(Plan plan)
    {
        var probed = plan.WorkloadsOf()
            .Select(workload => (Workload: workload, Contract: plan.ContractOf(workload)))
            .Where(pair => pair.Contract is not null || plan.TargetGroupsOf(pair.Workload).Any())
            .ToList();
        return new("Health settings", probed.Count == 0
            ? [new ReportText("No workload has a contract or stands behind a balancer.", Tone.Warning)]
            : [.. probed.SelectMany(pair => new[] { HealthTable.Of(plan, pair.Workload, pair.Contract), LeavingTable.Of(plan, pair.Workload, pair.Contract) })])
        {
            Folded = true,
        };
    }

    private static IEnumerable<ReportSection> Timeline(Plan plan)
    {
        if (plan.Timeline is not { } timeline)
        {
            yield break;
        }

        var rows = timeline.Rows.Select(row => (IReadOnlyList<ReportCell>)
            [row.Title, DurationText.Format(row.Window.Best), DurationText.Format(row.Window.Worst)]);
        yield return new("Timeline",
        [
            new ReportTable(null, ["what", "at best", "at worst"], [.. rows]),
            .. Pictures(plan).Select(picture => new ReportPicture(picture)),
        ]);
    }

    private static ReportSection Outputs(Plan plan)
    {
        var rows = plan.Outputs.Properties.SelectMany(Rows).ToList();
        return new("Outputs", rows.Count == 0 ? [new ReportText("None.", Tone.Muted)] : [new ReportTable(null, ["output", "value"], rows)]) { Folded = true };
    }

    private static ReportSection Resources(Plan plan)
    {
        var components = plan.Resources.Count - plan.ResourceCount;
        return new($"Resources ({plan.ResourceCount}, in {components} components)", [ResourceTree.Of(plan)]) { Folded = true };
    }

    // An object's members are outputs of their own for whoever reads.
    private static IEnumerable<IReadOnlyList<ReportCell>> Rows(KeyValuePair<string, PlanValue> output) => output.Value.Properties.Any()
        ? output.Value.Properties.Select(member => (IReadOnlyList<ReportCell>)[ReportCell.Code($"{output.Key}.{member.Key}"), ReportCell.Code(member.Value.Text ?? member.Value.ToString())])
        : [[ReportCell.Code(output.Key), ReportCell.Code(output.Value.Text ?? output.Value.ToString())]];
}
