using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Dependencies;

/// <summary>Where the services' dependencies come from. The workload asks this and does not know which of the three it is.</summary>
public interface IDependencySource
{
    /// <summary>How each kind is reached.</summary>
    IReadOnlyDictionary<string, DependencyLink> Links { get; }

    /// <summary>What must exist before a service starts.</summary>
    IReadOnlyList<Resource> Resources { get; }
}

/// <summary>How one dependency is reached.</summary>
/// <param name="Connection">Its connection string, a secret.</param>
/// <param name="Peers">Where the NetworkPolicy lets the pods go for it; made anew for each policy.</param>
public sealed record DependencyLink(Output<string> Connection, Func<IReadOnlyList<NetworkPolicyPeerArgs>> Peers)
{
    /// <summary>The certificates (PEM) that the server is known by, which the pods get as a file; null where none are needed.</summary>
    public string? Certificates { get; init; }
}
