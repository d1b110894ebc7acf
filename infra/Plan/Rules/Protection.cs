namespace Candor.Planning.Rules;

/// <summary>PU: whether Pulumi refuses to delete what cannot be made again.</summary>
internal sealed class Protection : RuleFamily
{
    internal static readonly Rule Protected = new()
    {
        Id = "PU001",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "stateful and load-balancer resources are protected in stacks marked prod",
        Why = "A rename in the program would delete the data, or the address that users know.",
        Fix = "Set protect in the resource's options.",
        Example = "protect is false, expected true in a stack marked prod",
    };

    internal static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        ResourceTypes.LoadBalancer,
        ResourceTypes.StatefulSet,
        "aws:rds/instance:Instance",
        "aws:rds/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:elasticache/cluster:Cluster",
        "aws:mq/broker:Broker",
        "aws:dynamodb/table:Table",
        "aws:efs/fileSystem:FileSystem",
        "kubernetes:core/v1:PersistentVolumeClaim",
        "kubernetes:core/v1:PersistentVolume",
    };

    /// <inheritdoc />
    public override string Title => "Protection";

    /// <inheritdoc />
    public override string Reads =>
        "balancers, databases, caches, brokers, file systems, StatefulSets and claims, in stacks marked prod";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Protected];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        if (!scope.IsProduction)
        {
            return;
        }

        foreach (var resource in scope.Plan.Resources.Where(resource => Types.Contains(resource.CanonicalType) && !resource.Protect))
        {
            findings.Add(Protected, resource, "protect", "false", $"true in {scope.Plan.Stack}, which is marked prod");
        }
    }
}
