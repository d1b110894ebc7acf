using System.Collections.Immutable;
using Candor.Contract;
using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Dependencies;

/// <summary>Where the services' dependencies come from. The workload is independent of which of the three it is.</summary>
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

/// <summary>NetworkPolicy peers for what is outside the cluster.</summary>
internal static class AddressPeers
{
    /// <summary>The address ranges of the dependencies.</summary>
    public static IReadOnlyList<NetworkPolicyPeerArgs> Of(Network network) => Of(network.DependencyCidrs);

    /// <summary>Any address ranges.</summary>
    public static IReadOnlyList<NetworkPolicyPeerArgs> Of(IEnumerable<string> cidrs) =>
        [.. cidrs.Select(cidr => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = cidr } })];
}

/// <summary>What the services of a stack dial, taken together: one of each kind, as the config's validation demands.</summary>
internal static class DialledDependencies
{
    /// <summary>Each kind that the stack provides and a contract names, in the order of the kinds.</summary>
    public static ImmutableArray<Dependency> Of(StackConfig config) =>
    [
        .. config.Services
            .SelectMany(service => service.Contract.Dependencies)
            .Where(dependency => DependenciesConfig.Provides(dependency.Kind))
            .DistinctBy(dependency => dependency.Kind)
            .OrderBy(dependency => DependencyKind.Known.IndexOf(dependency.Kind)),
    ];
}
