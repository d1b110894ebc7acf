namespace Candor.Planning;

/// <summary>What is lost when a resource is replaced or removed.</summary>
internal static class ReplacementMeaning
{
    private static readonly Dictionary<string, string> Losses = new(StringComparer.Ordinal)
    {
        ["aws:rds/instance:Instance"] = "the database starts empty unless it is restored",
        ["aws:elasticache/replicationGroup:ReplicationGroup"] = "the cache starts empty",
        ["aws:mq/broker:Broker"] = "waiting messages are lost",
        [ResourceTypes.StatefulSet] = "its pods stop before new ones start",
        [ResourceTypes.Deployment] = "its pods stop before new ones start",
        [ResourceTypes.LoadBalancer] = "its address changes, and clients wait for DNS",
        [ResourceTypes.TargetGroup] = "no target is healthy in it until the probes have passed",
        [ResourceTypes.Namespace] = "everything in it is deleted",
        [ResourceTypes.Service] = "its cluster address changes",
    };

    internal static IEnumerable<ReportCell> Of(PlanDiff diff) =>
        diff.Changed.Where(change => change.Replaced).Select(change => Point(
                change.After, $"is replaced, because of {string.Join(", ", change.Fields.Where(field => field.ForcesReplacement).Select(field => field.Path))}"))
            .Concat(diff.Removed.Where(resource => Losses.ContainsKey(resource.Type)).Select(resource => new ReportCell($"{Meanings.NameOf(resource)} is removed", Tone.Bad)));

    private static ReportCell Point(PlanResource resource, string what) => Losses.TryGetValue(resource.Type, out var loss)
        ? new($"{Meanings.NameOf(resource)} {what}: {loss}", Tone.Bad)
        : new($"{Meanings.NameOf(resource)} {what}");
}
