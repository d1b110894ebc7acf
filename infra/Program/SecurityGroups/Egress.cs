using Candor.Program.Common;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Vpc;

namespace Candor.Program.SecurityGroups;

/// <summary>Makes one egress rule resource.</summary>
internal static class Egress
{
    public static SecurityGroupEgressRule ToGroup(Scope scope, string name, SecurityGroup from, SecurityGroup to, Flow flow)
    {
        var rule = Rule(from, flow);
        rule.ReferencedSecurityGroupId = to.Id;
        return new(name, rule, scope.Options());
    }

    public static SecurityGroupEgressRule ToCidr(Scope scope, string name, SecurityGroup from, string cidr, Flow flow)
    {
        var rule = Rule(from, flow);
        if (Cidr.IsVersion6(cidr))
        {
            rule.CidrIpv6 = cidr;
        }
        else
        {
            rule.CidrIpv4 = cidr;
        }

        return new(name, rule, scope.Options());
    }

    private static SecurityGroupEgressRuleArgs Rule(SecurityGroup from, Flow flow) => new()
    {
        SecurityGroupId = from.Id,
        IpProtocol = flow.Protocol,
        FromPort = flow.Port,
        ToPort = flow.Port,
        Description = flow.Description,
    };
}
