namespace Candor.Local;

internal enum WorkloadKind
{
    Deployment,
    StatefulSet,
}

/// <summary>A Deployment or StatefulSet of the Plan, durations already divided by the speed.</summary>
internal sealed record WorkloadSpec
{
    public required WorkloadKind Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required int Replicas { get; init; }

    /// <summary>Whether the Plan sets the number; else an autoscaler does, and a new Plan does not change it.</summary>
    public bool OwnReplicas { get; init; } = true;

    public required PodTemplate Template { get; init; }

    public RolloutStrategy Strategy { get; init; } = new();

    /// <summary>
    /// How long a pod's deregistration takes to reach the balancer: the contract's propagation, or its default for a workload without one.
    /// </summary>
    public required TimeSpan Propagation { get; init; }

    /// <summary>How messages name it.</summary>
    public string Display => $"{Kind} {Name}";
}

/// <summary>How a Deployment goes from one template to the next.</summary>
internal sealed record RolloutStrategy
{
    /// <summary>Whether every old pod ends before the first new one starts.</summary>
    public bool Recreate { get; init; }

    /// <summary>Pods above the wanted number, absolute or per cent; Kubernetes rounds up. Default 25 %.</summary>
    public IntOrPercent MaxSurge { get; init; } = new(25, true);

    /// <summary>Pods that may be missing, absolute or per cent; Kubernetes rounds down. Default 25 %.</summary>
    public IntOrPercent MaxUnavailable { get; init; } = new(25, true);

    /// <summary>How long a pod must have been ready before it counts as available.</summary>
    public TimeSpan MinReady { get; init; } = TimeSpan.Zero;

    /// <summary>How long a rollout may make no progress before it has failed.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromSeconds(600);
}

/// <summary>Kubernetes' IntOrString of rollouts.</summary>
internal readonly record struct IntOrPercent(int Value, bool IsPercent)
{
    public int RoundedUp(int of) => IsPercent ? (int)Math.Ceiling(of * Value / 100.0) : Value;

    public int RoundedDown(int of) => IsPercent ? of * Value / 100 : Value;
}

/// <summary>What every pod of a workload is made from.</summary>
internal sealed record PodTemplate
{
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required ContainerSpec Container { get; init; }

    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Condition types that must be true besides the container's readiness.</summary>
    public IReadOnlyList<string> ReadinessGates { get; init; } = [];

    /// <summary>
    /// Changes when, and only when, a pod of it would be another: the template as planned, its resolved environment and its image's
    /// content.
    /// </summary>
    public required string Hash { get; init; }
}

/// <summary>The container of a pod.</summary>
internal sealed record ContainerSpec
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>
    /// Names and values; references to Secrets and ConfigMaps are resolved, those to the pod's own fields are still open.
    /// </summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    public ProbeSpec? Startup { get; init; }

    public ProbeSpec? Readiness { get; init; }

    public ProbeSpec? Liveness { get; init; }

    public PreStop? PreStop { get; init; }
}

/// <summary>One variable: a value, or a field of the pod such as <c>status.podIP</c>.</summary>
internal sealed record EnvironmentEntry(string Name, string? Value, string? Field = null);

/// <summary>What happens before SIGTERM.</summary>
internal abstract record PreStop
{
    public sealed record Sleep(TimeSpan Duration) : PreStop;

    public sealed record Http(int Port, string Path) : PreStop;

    public sealed record Exec(IReadOnlyList<string> Command) : PreStop;
}
