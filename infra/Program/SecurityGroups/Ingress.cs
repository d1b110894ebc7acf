using Candor.Program.Common;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Vpc;

namespace Candor.Program.SecurityGroups;

/// <summary>Makes one ingress rule resource.</summary>
internal static class Ingress
{
    public static SecurityGroupIngressRule FromGroup(Scope scope, string name, SecurityGroup to, SecurityGroup from, Flow flow)
    {
        var rule = Rule(to, flow);
        rule.ReferencedSecurityGroupId = from.Id;
        return new(name, rule, scope.Options());
    }

    public static SecurityGroupIngressRule FromCidr(Scope scope, string name, SecurityGroup to, string cidr, Flow flow)
    {
        var rule = Rule(to, flow);
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

    public static SecurityGroupIngressRule FromPrefixList(Scope scope, string name, SecurityGroup to, string prefixList, Flow flow)
    {
        var rule = Rule(to, flow);
        rule.PrefixListId = prefixList;
        return new(name, rule, scope.Options());
    }

    private static SecurityGroupIngressRuleArgs Rule(SecurityGroup to, Flow flow) => new()
    {
        SecurityGroupId = to.Id,
        IpProtocol = flow.Protocol,
        FromPort = flow.Port,
        ToPort = flow.Port,
        Description = flow.Description,
    };
}
