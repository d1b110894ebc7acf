namespace Candor.Contract;

/// <summary>What a failed required, shared dependency does to the probes.</summary>
public enum SharedFailure
{
    /// <summary>Both probes ask the deep readiness path: every instance is ejected (the articles' way).</summary>
    Eject,

    /// <summary>The balancer asks the deep path and can fail open; Kubernetes readiness asks it with <c>?scope=local</c>.</summary>
    BalancerOnly,

    /// <summary>Degraded, still 200: traffic goes on and the answer says what is broken.</summary>
    Report,
}

/// <summary>
/// How a failure that every instance shares is routed. The choice matters across planes: a pod that Kubernetes calls unready is
/// deregistered, so when all are unready at once there is nothing for the balancer to fail open to
/// (<see href="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3711">an outage of that kind</see>).
/// </summary>
public sealed record RoutingPolicy
{
    /// <summary>What a failed shared dependency does. Default <see cref="SharedFailure.Eject"/>.</summary>
    public SharedFailure OnSharedFailure { get; init; } = SharedFailure.Eject;

    /// <summary>Healthy targets below which the balancer fails open and routes to all. 1 or more, default 1.</summary>
    public int MinimumHealthyTargets { get; init; } = 1;
}
