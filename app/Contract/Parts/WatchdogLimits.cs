namespace Candor.Contract;

/// <summary>What real traffic and the process itself may show before the instance stops being ready, or alive.</summary>
public sealed record WatchdogLimits
{
    /// <summary>Age from which a request in flight counts as stuck. Default 15 s.</summary>
    public TimeSpan StuckRequestAge { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Stuck requests at which the instance is not ready. 1 or more, default 5: one slow client is not a fault.</summary>
    public int StuckRequestCount { get; init; } = 5;

    /// <summary>How late the thread pool may run a work item. Default 1 s.</summary>
    public TimeSpan ThreadPoolDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller may wait for a pooled connection. Default 1 s.</summary>
    public TimeSpan PoolWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Share of 5xx answers within <see cref="ErrorWindow"/> at which the instance is not ready. Above 0, at most 1, default 0.5.
    /// </summary>
    public double ErrorRatio { get; init; } = 0.5;

    /// <summary>The window <see cref="ErrorRatio"/> looks at. Default 30 s.</summary>
    public TimeSpan ErrorWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests in the window below which the ratio is not evaluated. 1 or more, default 20.</summary>
    public int ErrorMinimumVolume { get; init; } = 20;

    /// <summary>How long an instance stays out after its first error-ratio verdict; doubles each time. Default 5 s.</summary>
    public TimeSpan ReadmissionDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where <see cref="ReadmissionDelay"/> stops growing. Default 60 s.</summary>
    public TimeSpan MaximumReadmissionDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long nothing may move before liveness fails and the process is restarted. Default 30 s.</summary>
    public TimeSpan LivenessLimit { get; init; } = TimeSpan.FromSeconds(30);
}
