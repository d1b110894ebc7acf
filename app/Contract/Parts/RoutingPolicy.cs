namespace Candor.Contract;

/// <summary>What a failure that every instance may share does to the probes: a dependency that is away, an operation that fails.</summary>
public enum SharedFailure
{
    /// <summary>Both probes ask the deep readiness path: every instance is ejected (the articles' way).</summary>
    Eject,

    /// <summary>
    /// The balancer asks the deep path, and fails open when every instance fails it. Kubernetes readiness asks the same path with
    /// <c>?scope=local</c>, which covers only this process itself: never a dependency or an operation.
    /// </summary>
    BalancerOnly,

    /// <summary>Degraded, still 200: traffic continues, and the answer names the failure.</summary>
    Report,
}

/// <summary>
/// How a failure that every instance shares is routed. The choice matters across planes: a pod that Kubernetes calls unready is
/// deregistered, so when all are unready at once there is nothing for the balancer to fail open to
/// (<see href="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3711">an outage of that kind</see>).
/// </summary>
public sealed record RoutingPolicy
{
    /// <summary>The query that asks for this instance alone, see <see cref="SharedFailure.BalancerOnly"/>.</summary>
    public const string LocalScope = "?scope=local";

    /// <summary>
    /// What such a failure does. Default <see cref="SharedFailure.BalancerOnly"/>: one instance cannot know whether the others fail too;
    /// the balancer can, and an ALB sends to all when all fail
    /// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html">AWS documentation</see>).
    /// </summary>
    public SharedFailure OnSharedFailure { get; init; } = SharedFailure.BalancerOnly;

    /// <summary>
    /// What Kubernetes readiness asks: <paramref name="readiness"/>, with <see cref="LocalScope"/> where the balancer alone ejects.
    /// </summary>
    public string KubernetesPath(string readiness) => OnSharedFailure == SharedFailure.BalancerOnly ? readiness + LocalScope : readiness;

    /// <summary>Healthy targets below which the balancer fails open and routes to all. 1 or more, default 1.</summary>
    public int MinimumHealthyTargets { get; init; } = 1;
}

/// <summary>The choices in words, for reports.</summary>
public static class SharedFailures
{
    /// <summary>Who stops sending to an instance when what all instances share fails.</summary>
    public static string Describe(this SharedFailure choice) => choice switch
    {
        SharedFailure.Eject => "eject: balancer and Kubernetes take out every instance",
        SharedFailure.BalancerOnly => "balancerOnly: the balancer takes instances out, and sends to all when all fail",
        _ => "report: no instance is taken out, alerts fire",
    };
}
