using Candor.Program.Common;
using Candor.Program.Providers;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Aws.Route53;
using Pulumi.Aws.Route53.Inputs;

namespace Candor.Program.Balancer;

/// <summary>The existing Route 53 zone of the domain.</summary>
internal static class HostedZone
{
    /// <summary>The id of the zone with the name.</summary>
    public static Output<string> Find(string name, StackProviders providers) =>
        GetZone.Invoke(new() { Name = name }, new InvokeOptions { Provider = providers.Aws }).Apply(zone => zone.ZoneId);

    /// <summary>Makes the domain lead to the balancer, and to nothing when no target is healthy enough (DNS failover).</summary>
    public static Record PointAt(string domain, Output<string> zone, LoadBalancer balancer, Scope scope) => new(
        "domain",
        new()
        {
            ZoneId = zone,
            Name = domain,
            Type = RecordType.A,
            Aliases = { new RecordAliasArgs { Name = balancer.DnsName, ZoneId = balancer.ZoneId, EvaluateTargetHealth = true } },
        },
        scope.Options());
}
