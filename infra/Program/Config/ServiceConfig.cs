using System.Collections.Immutable;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>One service behind the balancer.</summary>
public sealed record ServiceConfig
{
    /// <summary>Its name: of its Kubernetes objects, its target group and its alarms.</summary>
    public required string Name { get; init; }

    /// <summary>What its config keys begin with: <c>candor:</c>, or <c>candor:services[0].</c> for a further one.</summary>
    internal string Key { get; init; } = $"{ConfigKeys.Namespace}:";

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Its merged and validated health contract.</summary>
    public required HealthContract Contract { get; init; }

    /// <summary>How many pods, and when to add one.</summary>
    public required ScaleConfig Scale { get; init; }

    /// <summary>What each pod reserves and may use.</summary>
    public required ResourcesConfig Resources { get; init; }

    /// <summary>What its container is given beside what the stack decides.</summary>
    public ContainerConfig Container { get; init; } = new();

    /// <summary>Path patterns that lead to it, such as <c>/billing/*</c>; empty for the main service, which gets the rest.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>Host names that lead to it.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>The hash of its contract.</summary>
    public string Hash => ContractHash.Of(Contract);

    /// <summary>What its contract amounts to at its fewest pods.</summary>
    public ContractTimeline Timeline => ContractTimeline.Of(Contract, Rollout(Scale.Minimum));

    /// <summary>Connections that all its pods together may open to the database; 0 when it has none.</summary>
    public long DatabaseDemand => Contract.Dependencies
        .Where(dependency => dependency.Kind == DependencyKind.Postgres)
        .Sum(dependency => ConnectionDemand.Of(Scale.Maximum, Scale.MaxSurge, dependency.MaximumConnections() ?? 0));

    /// <summary>The shape of its rolling update with the given number of pods.</summary>
    public RolloutShape Rollout(int replicas) => new(replicas, Scale.MaxSurge, 0, Contract.Readiness.Period);
}

/// <summary>How many pods a service has.</summary>
/// <param name="Minimum">Fewest pods; 2 or more.</param>
/// <param name="Maximum">Most pods; more than <paramref name="Minimum"/>.</param>
/// <param name="TargetCpu">CPU use, in percent of the request, that the autoscaler keeps.</param>
public sealed record ScaleConfig(int Minimum, int Maximum, int TargetCpu)
{
    /// <summary>Pods that a rolling update adds at a time: a quarter of the fewest, at least one.</summary>
    public int MaxSurge => Math.Max(1, Minimum / 4);
}

/// <summary>What each pod reserves and may use, as Kubernetes quantities.</summary>
/// <param name="CpuRequest">CPU reserved.</param>
/// <param name="MemoryRequest">Memory reserved.</param>
/// <param name="MemoryLimit">Memory at which the pod is ended.</param>
public sealed record ResourcesConfig(string CpuRequest, string MemoryRequest, string MemoryLimit);

/// <summary>What a service's container is given beside what the stack decides.</summary>
public sealed record ContainerConfig
{
    /// <summary>Environment variables.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables whose values are secrets.</summary>
    public ImmutableSortedDictionary<string, SecretText> SecretEnvironment { get; init; } =
        ImmutableSortedDictionary.Create<string, SecretText>(StringComparer.Ordinal);

    /// <summary>Arguments; empty for the image's own.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Further ports: name to number.</summary>
    public ImmutableSortedDictionary<string, int> Ports { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Folders that it may write to: path to size.</summary>
    public ImmutableSortedDictionary<string, string> Volumes { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
