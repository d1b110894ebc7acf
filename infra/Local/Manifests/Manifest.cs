namespace Candor.Local;

/// <summary>The part of a Plan that this machine can realise, read once, with every duration already divided by the speed.</summary>
internal sealed record Manifest
{
    public required IReadOnlyList<WorkloadSpec> Workloads { get; init; }

    public required IReadOnlyList<ServiceSpec> Services { get; init; }

    public required IReadOnlyList<BindingSpec> Bindings { get; init; }

    public required IReadOnlyList<TargetGroupSpec> TargetGroups { get; init; }

    public required IReadOnlyList<ListenerSpec> Listeners { get; init; }

    /// <summary>What has no meaning on one machine and was left out, for the user to know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
