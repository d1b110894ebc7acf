using System.Collections.Immutable;

namespace Candor.Program.Config;

/// <summary>The network that exists already, as configured; empty where a network stack gives it.</summary>
public sealed record NetworkConfig
{
    /// <summary>Pulumi stack whose outputs give the ids, or null.</summary>
    public string? Stack { get; init; }

    /// <summary>VPC of the balancer and the pods.</summary>
    public required string VpcId { get; init; }

    /// <summary>Subnets of the balancer.</summary>
    public required ImmutableArray<string> BalancerSubnetIds { get; init; }

    /// <summary>Their address ranges.</summary>
    public required ImmutableArray<string> BalancerSubnetCidrs { get; init; }

    /// <summary>Address ranges of the nodes.</summary>
    public required ImmutableArray<string> NodeCidrs { get; init; }

    /// <summary>Subnets of managed dependencies.</summary>
    public required ImmutableArray<string> PrivateSubnetIds { get; init; }

    /// <summary>Address ranges of dependencies outside the cluster.</summary>
    public required ImmutableArray<string> DependencyCidrs { get; init; }

    /// <summary>Security group of the cluster's nodes, or null.</summary>
    public string? ClusterSecurityGroupId { get; init; }

    /// <summary>Whether the security groups are attached to the pods.</summary>
    public required bool PodSecurityGroups { get; init; }

    internal static NetworkConfig Read(ConfigReader reader) => new()
    {
        Stack = reader.Optional("networkStack"),
        VpcId = reader.Text("vpcId"),
        BalancerSubnetIds = reader.List("balancerSubnetIds"),
        BalancerSubnetCidrs = reader.List("balancerSubnetCidrs"),
        NodeCidrs = reader.List("nodeCidrs"),
        PrivateSubnetIds = reader.List("privateSubnetIds"),
        DependencyCidrs = reader.List("dependencyCidrs"),
        ClusterSecurityGroupId = reader.Optional("clusterSecurityGroupId"),
        PodSecurityGroups = reader.Boolean("podSecurityGroups"),
    };
}
