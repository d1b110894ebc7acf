namespace Candor.Contract;

/// <summary>
/// One Kubernetes probe
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe">API reference</see>). Every duration
/// is in whole seconds.
/// </summary>
public sealed record ProbeSettings
{
    /// <summary>Time from container start to the first probe. 0 or more.</summary>
    public TimeSpan InitialDelay { get; init; }

    /// <summary>Time between two probes. At least 1 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a probe waits for the answer. At least 1 s, above the health budget, at most <see cref="Period"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Failures in a row that count. 1 or more.</summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>Successes in a row that count after a failure. 1 or more; Kubernetes demands 1 for liveness and startup.</summary>
    public int SuccessThreshold { get; init; } = 1;
}
