using Candor.Program.Common;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Vpc;

namespace Candor.Program.SecurityGroups;

/// <summary>One flow that a rule admits.</summary>
/// <param name="Port">Its port.</param>
/// <param name="Description">The source and destination, for the reader of the AWS console.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal sealed record Flow(int Port, string Description, string Protocol = "tcp");

/// <summary>The other end of a rule: a security group, an address range or a prefix list.</summary>
internal sealed record Peer(Input<string>? Group = null, string? Cidr = null, string? PrefixList = null)
{
    public static implicit operator Peer(SecurityGroup group) => new(Group: group.Id);

    public static Peer Range(string cidr) => new(Cidr: cidr);

    public static Peer List(string prefixList) => new(PrefixList: prefixList);

    public Input<string>? Version4 => Cidr is { } cidr && !IsVersion6(cidr) ? (Input<string>)cidr : null;

    public Input<string>? Version6 => Cidr is { } cidr && IsVersion6(cidr) ? (Input<string>)cidr : null;

    public Input<string>? Prefixes => PrefixList is { } list ? (Input<string>)list : null;

    /// <summary>Whether an address range is one of IPv6.</summary>
    public static bool IsVersion6(string cidr) => cidr.Contains(':', StringComparison.Ordinal);
}

/// <summary>Declares one rule resource for each flow, with its description.</summary>
internal static class SecurityRules
{
    public static SecurityGroupEgressRule Egress(Scope scope, string name, SecurityGroup from, Peer to, Flow flow) => new(
        name,
        new()
        {
            SecurityGroupId = from.Id,
            IpProtocol = flow.Protocol,
            FromPort = flow.Port,
            ToPort = flow.Port,
            Description = flow.Description,
            ReferencedSecurityGroupId = to.Group,
            CidrIpv4 = to.Version4,
            CidrIpv6 = to.Version6,
            PrefixListId = to.Prefixes,
        },
        scope.Options());

    public static SecurityGroupIngressRule Ingress(Scope scope, string name, SecurityGroup to, Peer from, Flow flow) => new(
        name,
        new()
        {
            SecurityGroupId = to.Id,
            IpProtocol = flow.Protocol,
            FromPort = flow.Port,
            ToPort = flow.Port,
            Description = flow.Description,
            ReferencedSecurityGroupId = from.Group,
            CidrIpv4 = from.Version4,
            CidrIpv6 = from.Version6,
            PrefixListId = from.Prefixes,
        },
        scope.Options());
}
