using Candor.Program.Providers;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Dependencies;

/// <summary>NetworkPolicy peers for what is outside the cluster.</summary>
internal static class AddressPeers
{
    /// <summary>The address ranges of the dependencies.</summary>
    public static IReadOnlyList<NetworkPolicyPeerArgs> Of(Network network) => Of(network.DependencyCidrs);

    /// <summary>Any address ranges.</summary>
    public static IReadOnlyList<NetworkPolicyPeerArgs> Of(IEnumerable<string> cidrs) =>
        [.. cidrs.Select(cidr => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = cidr } })];
}
