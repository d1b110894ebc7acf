using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>What kind of balancer a route comes from.</summary>
internal enum BalancerKind
{
    /// <summary>An AWS target group.</summary>
    TargetGroup,

    /// <summary>An Ingress or Service of the AWS Load Balancer Controller, which makes the target group from annotations.</summary>
    Controller,

    /// <summary>An Ingress of Google's load balancer.</summary>
    Gke,

    /// <summary>An Ingress of ingress-nginx, which probes nothing by itself.</summary>
    Nginx,

    /// <summary>Another Ingress, or a Service of type LoadBalancer.</summary>
    Other,
}

/// <summary>
/// One way that users' requests take to pods: balancer → (target group → binding) → Service → port of a container. Whatever
/// could not be resolved is null; <see cref="Uncertain"/> says that it may still exist, so that nothing is held against it.
/// </summary>
internal sealed record Route
{
    internal required BalancerKind Kind { get; init; }

    /// <summary>The balancer's health check, or null where it has none of its own.</summary>
    internal BalancerProbe? Probe { get; init; }

    internal PlanResource? TargetGroup { get; init; }

    internal PlanResource? Binding { get; init; }

    internal PlanResource? Ingress { get; init; }

    /// <summary>Attributes of the target group that annotations set, or null.</summary>
    internal Field? Attributes { get; init; }

    /// <summary>GKE's settings of the Service, or null.</summary>
    internal PlanResource? BackendConfig { get; init; }

    /// <summary>The load balancers that send here.</summary>
    internal IReadOnlyList<PlanResource> Balancers { get; init; } = [];

    internal PlanResource? Service { get; init; }

    /// <summary>The Service's port that the balancer uses.</summary>
    internal PlanValue ServicePort { get; init; }

    /// <summary>Where <see cref="ServicePort"/> stands in the Service.</summary>
    internal string ServicePortPath { get; init; } = string.Empty;

    /// <summary>The port of the pods as the Service writes it: a number or a name.</summary>
    internal PlanValue TargetPort { get; init; }

    internal Workload? Workload { get; init; }

    /// <summary>What the target group sends to where it is no pods, or null.</summary>
    internal RouteTargets? Targets { get; init; }

    /// <summary>The container behind the port.</summary>
    internal Container? Container { get; init; }

    /// <summary>Whether something on the way is unknown or stands outside the Plan.</summary>
    internal bool Uncertain { get; init; }

    internal HealthContract? Contract => Workload?.Contract;

    /// <summary>The pods' port that users' requests reach; null when it cannot be told.</summary>
    internal int? TrafficPort => Container is { } container ? container.Number(TargetPort) : Targets?.Port ?? TargetPort.Whole();

    /// <summary>The pods' port that the balancer probes; null when it cannot be told or nothing is probed.</summary>
    internal int? HealthPort => Probe is not { } probe
        ? null
        : probe.Port.Value.IsMissing() || probe.Port.Value.Text == "traffic-port" ? TrafficPort : probe.Port.Value.Whole();

    /// <summary>How long the balancer goes on with a target that leaves; null when unknown or not its business.</summary>
    internal TimeSpan? DeregistrationDelay => DeregistrationField is { } delay
        ? delay.Value.Seconds(Kind is BalancerKind.TargetGroup or BalancerKind.Controller ? 300 : 0)
        : null;

    /// <summary>Where <see cref="DeregistrationDelay"/> stands.</summary>
    internal Field? DeregistrationField => TargetGroup is { } group
        ? new(group, "deregistrationDelay", group.Inputs["deregistrationDelay"])
        : BackendConfig is { } config
            ? new(config, "spec.connectionDraining.drainingTimeoutSec", config.Inputs["spec"]["connectionDraining"]["drainingTimeoutSec"])
            : Attributes;
}
