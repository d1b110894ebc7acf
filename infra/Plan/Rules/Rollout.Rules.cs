namespace Candor.Planning.Rules;

internal sealed partial class Rollout
{
    internal static readonly Rule Strategy = new()
    {
        Id = "RO001",
        Severity = Severity.Error,
        Holds = "the strategy is RollingUpdate with maxUnavailable 0, or within what the PodDisruptionBudget permits; Recreate where a claim of the pods can be mounted by one node only (warning)",
        Why = "A rollout would take away serving pods before the new ones serve.",
        Fix = "Use RollingUpdate with maxUnavailable 0 and maxSurge 1.",
        Example = "spec.strategy.rollingUpdate.maxUnavailable is not set (25 %, 1 of 4 pods), expected 0",
        Counterparts = new(KubeLinter: "no-rolling-update-strategy (type only)"),
    };

    internal static readonly Rule OneOwner = new()
    {
        Id = "RO002",
        Severity = Severity.Error,
        Holds = "beside an autoscaler there are no static replicas, and ignoreChanges names them",
        Why = "Each deployment would scale back to the static number, in the middle of the load that the autoscaler answered.",
        Fix = "Remove spec.replicas and add it to ignoreChanges.",
        Example = "spec.replicas is 2, expected not set, because orders scales between 2 and 6",
    };

    internal static readonly Rule Redundancy = new()
    {
        Id = "RO003",
        Severity = Severity.Error,
        IsOneEdit = true,
        Holds = "there are at least 2 replicas (error), spread over zones and hosts (warning), unless a ReadWriteOnce claim excludes a second one",
        Why = "One pod, one node or one zone that goes away would take the service with it.",
        Fix = "Run at least 2 replicas and spread them over zones and hosts.",
        Example = "spec.minReplicas is 1, expected at least 2",
        Counterparts = new("deployment-has-host-podantiaffinity", "no-anti-affinity, minimum-three-replicas", "deploymentMissingReplicas, topologySpreadConstraint"),
    };

    internal static readonly Rule Gate = new()
    {
        Id = "RO004",
        Severity = Severity.Error,
        Holds = "pods behind a target group have its readiness gate, and their Deployment depends on the TargetGroupBinding",
        Why = "Without the gate Kubernetes continues the rollout as soon as a pod is ready, although the balancer does not send to it yet.",
        Fix = "Label the namespace for readiness gates and let the Deployment depend on the TargetGroupBinding.",
        Example = "spec.template.spec.readinessGates is not set, expected conditionType \"target-health.elbv2.k8s.aws/orders\"",
    };

    internal static readonly Rule Wait = new()
    {
        Id = "RO005",
        Severity = Severity.Warning,
        Holds = "Pulumi waits for the Deployment longer than the timeline's rolling update takes",
        Why = "A rollout that is fine would be reported as failed, and the resources after it would not be deployed.",
        Fix = "Set customTimeouts of the Deployment above the timeline's rolling update.",
        Example = "customTimeouts.update is not set (10m), expected more than the timeline's rolling update (12m)",
    };
}
