using Candor.Contract;

namespace Candor.Planning;

/// <summary>How soon somebody notices, and how long leaving takes, where that changes.</summary>
internal static class TimelineMeaning
{
    internal static IEnumerable<ReportCell> Of(PlanDiff diff) => Services(diff).Concat(TargetGroups(diff));

    private static IEnumerable<ReportCell> Services(PlanDiff diff)
    {
        foreach (var workload in diff.Head.WorkloadsOf())
        {
            if (diff.Base.Index.Find(workload.Urn) is not { } before
                || diff.Base.ContractOf(before) is not { } was
                || diff.Head.ContractOf(workload) is not { } willBe)
            {
                continue;
            }

            var rows = ContractTimeline.Of(was, diff.Base.RolloutOf(before)).Rows
                .Zip(ContractTimeline.Of(willBe, diff.Head.RolloutOf(workload)).Rows);
            foreach (var (old, now) in rows.Where(pair => pair.First.Window != pair.Second.Window))
            {
                yield return new($"{workload.KubernetesName}: {now.Title}: {old.Window} becomes {now.Window}", Noticed(now.Key, old.Window, now.Window));
            }

            foreach (var point in Probed(workload.KubernetesName, was, willBe))
            {
                yield return point;
            }
        }
    }

    private static IEnumerable<ReportCell> Probed(string name, HealthContract was, HealthContract willBe)
    {
        if ((was.Port, was.Paths) != (willBe.Port, willBe.Paths))
        {
            yield return $"{name}: probed at {Probes(was)}, now at {Probes(willBe)}";
        }

        if (was.Routing.OnSharedFailure != willBe.Routing.OnSharedFailure)
        {
            yield return new($"{name}: failure of a shared dependency: {was.Routing.OnSharedFailure.Describe()}; now {willBe.Routing.OnSharedFailure.Describe()}", Tone.Warning);
        }

        if (was.Routing.MinimumHealthyTargets != willBe.Routing.MinimumHealthyTargets)
        {
            yield return $"{name}: the balancer fails open below {willBe.Routing.MinimumHealthyTargets} healthy targets, was {was.Routing.MinimumHealthyTargets}";
        }
    }

    private static string Probes(HealthContract contract) =>
        $":{contract.Port} {contract.Paths.Readiness}, {contract.Paths.Liveness}, {contract.Paths.Startup}";

    // Without a contract the balancer's own numbers still say when it notices.
    private static IEnumerable<ReportCell> TargetGroups(PlanDiff diff) =>
        from change in diff.Changed
        where change.After.Type == ResourceTypes.TargetGroup && diff.Head.Contract is null
        let was = Window(change.Before)
        let willBe = Window(change.After)
        where was is not null && willBe is not null && was != willBe
        select new ReportCell(
            $"{change.After.Name}: balancer stops sending to a failed target: {was} becomes {willBe}",
            Noticed("balancerNoticesFailure", was.Value, willBe.Value));

    private static TimeWindow? Window(PlanResource group)
    {
        var check = group.Inputs["healthCheck"];
        return (check["interval"].Number, check["timeout"].Number, check["unhealthyThreshold"].Number) switch
        {
            ( > 0 and <= 86400 and var interval, >= 0 and <= 86400 and var timeout, >= 1 and <= 1000 and var threshold) =>
                new(TimeSpan.FromSeconds(interval * (threshold - 1)), TimeSpan.FromSeconds((interval * threshold) + timeout)),
            _ => null,
        };
    }

    // To notice sooner is better; to leave or roll sooner may be either.
    private static Tone Noticed(string key, TimeWindow was, TimeWindow willBe) => key.Contains("Notices", StringComparison.Ordinal)
        ? willBe.Worst < was.Worst ? Tone.Good : willBe.Worst > was.Worst ? Tone.Warning : Tone.Plain
        : Tone.Plain;
}
