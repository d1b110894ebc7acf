namespace Candor.Planning;

/// <summary>What runs and how much of it, where that changes.</summary>
internal static class WorkloadMeaning
{
    private static readonly string[] ProbeNames = ["readinessProbe", "livenessProbe", "startupProbe"];

    internal static IEnumerable<ReportCell> Of(PlanDiff diff)
    {
        foreach (var after in diff.Head.WorkloadsOf())
        {
            if (diff.Base.Index.Find(after.Urn) is not { } before)
            {
                continue;
            }

            foreach (var point in Images(before, after).Concat(Replicas(diff, before, after)).Concat(Probes(before, after)).Concat(Restarts(diff, after)))
            {
                yield return point;
            }
        }
    }

    /// <summary>Whoever changes a number may not think of what restarts for it, least of all of a database that has one pod.</summary>
    private static IEnumerable<ReportCell> Restarts(PlanDiff diff, PlanResource workload)
    {
        if (diff.Changed.FirstOrDefault(change => change.After.Urn == workload.Urn) is not { Replaced: false } change
            || !change.Fields.Any(field => field.Path.StartsWith("spec.template.", StringComparison.Ordinal)))
        {
            yield break;
        }

        var spec = workload.Inputs["spec"];
        var name = workload.Type == ResourceTypes.StatefulSet && Program(workload) is { } program
            ? $"{workload.KubernetesName} ({program})"
            : workload.KubernetesName;
        if (workload.Type == ResourceTypes.Deployment)
        {
            yield return spec["strategy"]["type"].Text == "Recreate"
                ? new($"{name}: every pod ends before the first new one starts", Tone.Bad)
                : new ReportCell($"{name}: every pod is replaced by a rolling update");
        }
        else if (spec["updateStrategy"]["type"].Text != "OnDelete")
        {
            yield return Count(diff.Head, workload) == "1"
                ? new($"{name}: its only pod restarts, and the service is unavailable until it is ready again", Tone.Warning)
                : new ReportCell($"{name}: its pods restart one after the other");
        }
    }

    // A StatefulSet is called by what it is to its users; what it runs is what the reader knows.
    private static string? Program(PlanResource workload) =>
        workload.Containers().FirstOrDefault()["image"].Text?.Split('@')[0].Split('/')[^1].Split(':')[0] is { Length: > 0 } image && image != workload.KubernetesName
            ? image
            : null;

    private static IEnumerable<ReportCell> Images(PlanResource before, PlanResource after) =>
        from container in after.Containers()
        let old = before.Containers().FirstOrDefault(candidate => candidate["name"] == container["name"])
        where old.Exists && old["image"] != container["image"]
        select new ReportCell($"{after.KubernetesName}: runs {container["image"].Text}, was {old["image"].Text}");

    private static IEnumerable<ReportCell> Replicas(PlanDiff diff, PlanResource before, PlanResource after)
    {
        var was = Count(diff.Base, before);
        var willBe = Count(diff.Head, after);
        if (was != willBe)
        {
            yield return $"{after.KubernetesName}: {willBe} replicas, was {was}";
        }
    }

    private static string Count(Plan plan, PlanResource workload) =>
        plan.AutoscalerOf(workload)?.Inputs["spec"] is { } autoscaler
            ? $"{autoscaler["minReplicas"]}–{autoscaler["maxReplicas"]}"
            : workload.Inputs["spec"]["replicas"] is { Exists: true } count ? count.ToString() : "1";

    private static IEnumerable<ReportCell> Probes(PlanResource before, PlanResource after) =>
        from probe in ProbeNames
        let had = before.Containers().FirstOrDefault()[probe].Exists
        let has = after.Containers().FirstOrDefault()[probe].Exists
        where had != has
        select new ReportCell($"{after.KubernetesName}: {(has ? "gets a" : "loses its")} {probe}", has ? Tone.Good : Tone.Bad);
}
