using System.Globalization;
using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;

namespace Candor.Program.Balancer;

/// <summary>The target group of a service. Every health field is set, and every number is the contract's.</summary>
internal static class HealthTargetGroup
{
    public static TargetGroup Make(ServiceConfig service, EdgeConfig edge, Network network, Scope scope, bool protect)
    {
        var contract = service.Contract;
        var minimum = contract.Routing.MinimumHealthyTargets;
        return new(
            service.Name,
            new()
            {
                VpcId = network.VpcId,
                TargetType = "ip",
                IpAddressType = "ipv4",
                Protocol = "HTTP",
                ProtocolVersion = "HTTP1",
                Port = contract.Port,
                HealthCheck = HealthCheck(contract),
                DeregistrationDelay = contract.Drain.DeregistrationDelay.WholeSeconds(),
                SlowStart = edge.SlowStart,
                LoadBalancingAlgorithmType = edge.Algorithm,
                LoadBalancingAnomalyMitigation = edge.AnomalyMitigation ? "on" : "off",
                LoadBalancingCrossZoneEnabled = "use_load_balancer_configuration",
                TargetGroupHealth = new TargetGroupTargetGroupHealthArgs
                {
                    DnsFailover = new TargetGroupTargetGroupHealthDnsFailoverArgs
                    {
                        MinimumHealthyTargetsCount = Text(minimum),
                        MinimumHealthyTargetsPercentage = "off",
                    },
                    UnhealthyStateRouting = new TargetGroupTargetGroupHealthUnhealthyStateRoutingArgs
                    {
                        MinimumHealthyTargetsCount = minimum,
                        MinimumHealthyTargetsPercentage = "off",
                    },
                },
                Tags =
                {
                    [ContractHash.Tag] = service.Hash,
                    ["candor:service"] = service.Name,
                },
            },
            scope.Protected(protect));
    }

    private static TargetGroupHealthCheckArgs HealthCheck(HealthContract contract) => new()
    {
        Enabled = true,
        Protocol = "HTTP",
        Port = Text(contract.Port),
        Path = contract.Paths.Readiness,
        Matcher = contract.Balancer.HealthyCodes,
        Interval = contract.Balancer.Interval.WholeSeconds(),
        Timeout = contract.Balancer.Timeout.WholeSeconds(),
        HealthyThreshold = contract.Balancer.HealthyThreshold,
        UnhealthyThreshold = contract.Balancer.UnhealthyThreshold,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
