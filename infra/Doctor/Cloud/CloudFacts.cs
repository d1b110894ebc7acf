using Candor.Doctor.Cluster;
using Candor.Doctor.Targets;
using Candor.Planning;

namespace Candor.Doctor.Cloud;

/// <summary>A target group with everything around it in AWS.</summary>
internal sealed record CloudFacts
{
    internal required TargetGroupFacts Group { get; init; }

    /// <summary>The load balancer that uses it, or missing.</summary>
    internal PlanValue Balancer { get; init; }

    /// <summary>Listeners of that balancer.</summary>
    internal IReadOnlyList<PlanValue> Listeners { get; init; } = [];

    /// <summary>Rules of those listeners.</summary>
    internal IReadOnlyList<PlanValue> Rules { get; init; } = [];

    /// <summary>Security groups by id: the balancer's and the targets'.</summary>
    internal IReadOnlyDictionary<string, PlanValue> SecurityGroups { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>Network interfaces of the sampled targets, by address.</summary>
    internal IReadOnlyDictionary<string, PlanValue> Interfaces { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>The balancer's and the targets' subnets by id.</summary>
    internal IReadOnlyDictionary<string, PlanValue> Subnets { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>Network ACLs by the subnet that they are associated with.</summary>
    internal IReadOnlyDictionary<string, PlanValue> Acls { get; init; } = new Dictionary<string, PlanValue>();

    /// <summary>Route tables of the balancer's and the targets' networks.</summary>
    internal IReadOnlyList<PlanValue> RouteTables { get; init; } = [];

    /// <summary>Sums of the last hour by metric, with the last minutes' values, the newest first.</summary>
    internal IReadOnlyDictionary<string, MetricFacts> Metrics { get; init; } = new Dictionary<string, MetricFacts>();

    /// <summary>What the cluster shows of the same service, or null.</summary>
    internal ClusterFacts? Cluster { get; init; }

    internal IReadOnlyList<string> BalancerGroups => [.. Balancer["SecurityGroups"].Items.Select(item => item.Text).OfType<string>()];

    internal IReadOnlyList<string> BalancerZones =>
        [.. Balancer["AvailabilityZones"].Items.Select(zone => zone["ZoneName"].Text).OfType<string>()];

    internal IReadOnlyList<string> BalancerSubnets =>
        [.. Balancer["AvailabilityZones"].Items.Select(zone => zone["SubnetId"].Text).OfType<string>()];

    /// <summary>The route table of a subnet: the one that it is associated with, else the main one of its network; or missing.</summary>
    internal PlanValue RouteTableOf(string subnet, string? network)
    {
        network = Subnets.GetValueOrDefault(subnet)["VpcId"].Text ?? network;
        var own = RouteTables.FirstOrDefault(table => table["Associations"].Items.Any(one => one["SubnetId"].Text == subnet));
        return own.Exists ? own
            : RouteTables.FirstOrDefault(table => table["VpcId"].Text == network
                && table["Associations"].Items.Any(one => one["Main"].Boolean == true));
    }

    /// <summary>The sum of a metric over the last minutes.</summary>
    internal double Recent(string metric, int minutes = 10) => Metrics.TryGetValue(metric, out var found) ? found.Values.Take(minutes)
        .Sum(one => one.Value) : 0;
}

/// <summary>A metric of the last hour, one value a minute, the newest first.</summary>
internal sealed record MetricFacts(IReadOnlyList<(DateTimeOffset At, double Value)> Values)
{
    internal double Sum => Values.Sum(one => one.Value);

    /// <summary>Since when it is above a value without a break, or null.</summary>
    internal DateTimeOffset? Since(double above)
    {
        DateTimeOffset? since = null;
        foreach (var (at, value) in Values)
        {
            if (value <= above)
            {
                break;
            }

            since = at;
        }

        return since;
    }
}
