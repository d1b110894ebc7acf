namespace Candor.Local;

/// <summary>Where a pod is in its life.</summary>
internal enum PodPhase
{
    /// <summary>Its process has not been started yet.</summary>
    Pending,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its process ended and is started again after a wait.</summary>
    BackOff,

    /// <summary>It is terminating.</summary>
    Terminating,

    /// <summary>It is gone.</summary>
    Ended,
}

/// <summary>What is known of a pod at one moment.</summary>
internal sealed record PodStatus
{
    public PodPhase Phase { get; init; } = PodPhase.Pending;

    /// <summary>Whether the startup probe passed, or there is none.</summary>
    public bool Started { get; init; }

    /// <summary>Whether the readiness probe holds, or there is none.</summary>
    public bool ContainerReady { get; init; }

    public int? ProcessId { get; init; }

    public int Restarts { get; init; }

    /// <summary>How the process ended the last time, or null.</summary>
    public int? LastExitCode { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Why it is not ready, or what it waits for; empty when all is well.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>Whether it is terminating or has ended.</summary>
    public bool Leaving => Phase is PodPhase.Terminating or PodPhase.Ended;
}
