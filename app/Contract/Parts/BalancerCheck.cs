namespace Candor.Contract;

/// <summary>
/// The load balancer's health check. Ranges are those of an ALB target group
/// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html">AWS documentation</see>).
/// </summary>
public sealed record BalancerCheck
{
    /// <summary>Time between two probes of one target. Whole seconds, 5–300, default 10 s (article 2).</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a probe waits for the answer. Whole seconds, 2–120, below <see cref="Interval"/>, default 5 s (article 2).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Passed probes in a row that make an unhealthy target healthy. 2–10, default 2 (article 2).</summary>
    public int HealthyThreshold { get; init; } = 2;

    /// <summary>Failed probes in a row that make a healthy target unhealthy. 2–10, default 3 (article 2).</summary>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>The matcher: status codes that mean healthy, as <c>200</c>, <c>200,204</c> or <c>200-299</c>. Default <c>200</c>.</summary>
    public string HealthyCodes { get; init; } = "200";

    /// <summary>After how long the balancer closes an idle connection. Whole seconds, 1–4000, default 60 s (the ALB's default).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// After how long the app closes an idle connection; longer than <see cref="IdleTimeout"/>, or the balancer may send
    /// a request into a connection that is being closed. Default 75 s.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);
}
