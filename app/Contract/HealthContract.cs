namespace Candor.Contract;

/// <summary>
/// The one source of every health number: the app serves it, the Pulumi program turns it into the target group's health check,
/// the probes, the drain settings and the alarms. Immutable; change it with <c>with</c> and validate the whole.
/// </summary>
/// <remarks>
/// Defaults follow the two articles the product answers. Durations that a cloud or Kubernetes field carries are whole seconds.
/// Validate with <see cref="ContractValidator"/>; the timeline of a contract that was not validated means nothing.
/// </remarks>
public sealed record HealthContract
{
    /// <summary>TCP port of user traffic and of the public health paths. 1–65535, default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>
    /// TCP port of metrics, drain and full detail; never behind the load balancer. 1–65535, not <see cref="Port"/>, default 9090.
    /// </summary>
    public int ManagementPort { get; init; } = 9090;

    /// <summary>The three public health paths.</summary>
    public HealthPaths Paths { get; init; } = new();

    /// <summary>What the load balancer's health check does.</summary>
    public BalancerCheck Balancer { get; init; } = new();

    /// <summary>The Kubernetes readiness probe. Default: initial delay 5 s, period 10 s, 3 failures (article 2).</summary>
    public ProbeSettings Readiness { get; init; } = new()
    {
        InitialDelay = TimeSpan.FromSeconds(5),
        Period = TimeSpan.FromSeconds(10),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 3,
    };

    /// <summary>The Kubernetes liveness probe. Default: initial delay 15 s, period 20 s, 3 failures (article 2).</summary>
    public ProbeSettings Liveness { get; init; } = new()
    {
        InitialDelay = TimeSpan.FromSeconds(15),
        Period = TimeSpan.FromSeconds(20),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 3,
    };

    /// <summary>The Kubernetes startup probe; it gates the other two. Default: at once, every 5 s, 18 failures (90 s).</summary>
    public ProbeSettings Startup { get; init; } = new()
    {
        InitialDelay = TimeSpan.Zero,
        Period = TimeSpan.FromSeconds(5),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 18,
    };

    /// <summary>How long the app may take from process start until its start-up tasks have ended. Default 60 s.</summary>
    public TimeSpan StartupLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one evaluation may take.</summary>
    public HealthBudget Budget { get; init; } = new();

    /// <summary>How old a shared answer may be. Nothing older is ever served as healthy. Default 1 s.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the app dials, and what it means for health when it cannot.</summary>
    public ContractList<Dependency> Dependencies { get; init; } = [];

    /// <summary>
    /// What users ask for, by name, with more settings than a mapped route has. Empty: every route counts equally.
    /// </summary>
    public ContractList<Operation> Operations { get; init; } = [];

    /// <summary>When an operation counts as degraded or failing.</summary>
    public OperationLimits OperationLimits { get; init; } = new();

    /// <summary>Smallest share of the disk that must be free. Above 0, below 1, default 0.05 (article 2).</summary>
    public double MinimumDiskFree { get; init; } = 0.05;

    /// <summary>Limits of what real traffic and the process itself may show.</summary>
    public WatchdogLimits Watchdog { get; init; } = new();

    /// <summary>A request of our own through the real pipeline. The operations' canaries take its place.</summary>
    public CanarySettings Canary { get; init; } = new();

    /// <summary>How an instance leaves without dropping a request.</summary>
    public DrainSettings Drain { get; init; } = new();

    /// <summary>What a failed shared dependency does to routing.</summary>
    public RoutingPolicy Routing { get; init; } = new();
}
