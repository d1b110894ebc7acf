namespace Candor.Contract;

/// <summary>
/// How an instance leaves: SIGTERM, readiness answers 503, the server continues serving during <see cref="Hold"/>, requests in flight
/// get <see cref="RequestTimeout"/>, and the process exits within <see cref="TerminationGrace"/>.
/// </summary>
public sealed record DrainSettings
{
    /// <summary>How long the deregistration takes to reach every balancer node and kube-proxy. Whole seconds, default 5 s.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the balancer lets requests of a deregistered target finish. Whole seconds, 0–3600, default 30 s.</summary>
    public TimeSpan DeregistrationDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a request may take. At most <see cref="DeregistrationDelay"/>, default 15 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A native preStop sleep before SIGTERM, zero for none. Whole seconds, default 0: the app holds by itself.</summary>
    public TimeSpan PreStop { get; init; } = TimeSpan.Zero;

    /// <summary>How long the app continues serving after SIGTERM before it refuses connections. Whole seconds, default 35 s.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>terminationGracePeriodSeconds: after it, SIGKILL. Whole seconds, default 60 s.</summary>
    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What must be left of the grace after preStop, hold and the longest request. Default 5 s.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(5);
}
