using System.Collections.Immutable;
using Candor.Program.Config;
using Pulumi;

namespace Candor.Program.Providers;

/// <summary>
/// The network the stack is attached to. Ids come from the config or another stack; address ranges always from the config, because
/// each becomes a rule of its own and Pulumi must know how many there are before it deploys.
/// </summary>
public sealed class Network
{
    /// <summary>The network of the configuration.</summary>
    public Network(StackConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var network = config.Network;
        BalancerSubnetCidrs = network.BalancerSubnetCidrs;
        NodeCidrs = network.NodeCidrs;
        DependencyCidrs = network.DependencyCidrs;
        if (network.Stack is { } name)
        {
            var outputs = NetworkOutputs.Read(
                new StackReference(name),
                name,
                withPrivate: config.Dependencies.Mode == DependencyMode.Managed,
                withCluster: config.Providers.KubeContext is null);
            VpcId = outputs.Apply(found => found.VpcId);
            BalancerSubnetIds = outputs.Apply(found => found.BalancerSubnetIds);
            PrivateSubnetIds = outputs.Apply(found => found.PrivateSubnetIds);
            ClusterName = config.Providers.KubeContext is null ? outputs.Apply(found => found.ClusterName) : null;
        }
        else
        {
            VpcId = network.VpcId;
            BalancerSubnetIds = Output.Create(network.BalancerSubnetIds);
            PrivateSubnetIds = Output.Create(network.PrivateSubnetIds);
            ClusterName = config.Providers.ClusterName is { } cluster ? Output.Create(cluster) : null;
        }
    }

    /// <summary>VPC of the balancer and the pods.</summary>
    public Input<string> VpcId { get; }

    /// <summary>Subnets of the balancer.</summary>
    public Output<ImmutableArray<string>> BalancerSubnetIds { get; }

    /// <summary>Subnets of managed dependencies.</summary>
    public Output<ImmutableArray<string>> PrivateSubnetIds { get; }

    /// <summary>Address ranges of the balancer's subnets.</summary>
    public ImmutableArray<string> BalancerSubnetCidrs { get; }

    /// <summary>Address ranges of the nodes.</summary>
    public ImmutableArray<string> NodeCidrs { get; }

    /// <summary>Address ranges of dependencies outside the cluster.</summary>
    public ImmutableArray<string> DependencyCidrs { get; }

    /// <summary>EKS cluster, or null.</summary>
    public Output<string>? ClusterName { get; }
}
