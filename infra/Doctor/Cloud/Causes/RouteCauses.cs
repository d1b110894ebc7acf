using System.Net;
using Candor.Doctor.Model;
using Candor.Doctor.Targets;
using Candor.Planning;

namespace Candor.Doctor.Cloud.Causes;

/// <summary>No route leads from the balancer's subnets to a target, or none leads the answer back.</summary>
internal sealed class RouteMissing : CloudCause
{
    private static readonly string[] Ways =
        ["VpcPeeringConnectionId", "TransitGatewayId", "NatGatewayId", "NetworkInterfaceId", "GatewayId", "InstanceId", "LocalGatewayId"];

    private const string Source = "aws ec2 describe-route-tables";

    internal override string Id => "route";

    internal override IReadOnlyList<string> Needs => ["route tables", "subnets", "network interfaces"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        foreach (var target in Silent(facts).Where(target => IPAddress.TryParse(target.Id, out _)))
        {
            var address = IPAddress.Parse(target.Id);
            foreach (var subnet in facts.BalancerSubnets)
            {
                if (Broken(facts, subnet, facts.Balancer["VpcId"].Text, address, address.ToString()) is { } there)
                {
                    yield return Told(facts, target, there, $"the balancer's checks from subnet {subnet} never reach target {target.Id}");
                    yield break;
                }
            }

            var card = facts.Interfaces.GetValueOrDefault(target.Id);
            foreach (var range in facts.BalancerSubnets.Select(id => facts.Subnets.GetValueOrDefault(id)["CidrBlock"].Text)
                .OfType<string>())
            {
                if (card["SubnetId"].Text is { } home && IPNetwork.TryParse(range, out var outer)
                    && Broken(facts, home, card["VpcId"].Text, outer.BaseAddress, range) is { } back)
                {
                    yield return Told(facts, target, back, $"the answer of target {target.Id} never comes back to the balancer in {range}");
                    yield break;
                }
            }
        }
    }

    private Finding Told(CloudFacts facts, TargetFacts target, (string Table, string Subnet, string To, string Why) broken,
        string follows) => Of(
        facts, PathStep.SecurityGroup,
        $"Route table {broken.Table} of subnet {broken.Subnet} {broken.Why}: {follows}.",
        $"Give {broken.Table} a route to {broken.To} (peering connection, transit gateway), or associate the subnet with the table that "
            + $"has it.",
        new Evidence(broken.Why, $"{Source}, {broken.Table}"),
        new Evidence($"{target.Code}: {target.Description}", "aws elbv2 describe-target-health")) with
        { Fault = "F102" };

    /// <summary>
    /// What is wrong with the route that a subnet's packets to an address take, or null. Of all that hold it the narrowest counts.
    /// </summary>
    private static (string Table, string Subnet, string To, string Why)? Broken(
        CloudFacts facts, string subnet, string? network, IPAddress address, string to)
    {
        var table = facts.RouteTableOf(subnet, network);
        if (!table["Routes"].Items.Any())
        {
            return null;
        }

        var name = table["RouteTableId"].Text ?? "unnamed";
        var routes = table["Routes"].Items
            .Select(route => (Route: route, Range: route["DestinationCidrBlock"].Text ?? route["DestinationIpv6CidrBlock"].Text))
            .Where(pair => IPNetwork.TryParse(pair.Range, out var range) && range.BaseAddress.AddressFamily == address.AddressFamily
                && range.Contains(address))
            .OrderByDescending(pair => IPNetwork.Parse(pair.Range!).PrefixLength).ToList();
        if (routes.Count == 0)
        {
            // A prefix list names ranges that are not read.
            return table["Routes"].Items.Any(route => route["DestinationPrefixListId"].Exists) ? null
                : (name, subnet, to, $"has no route to {to}");
        }

        var (taken, cidr) = routes[0];
        if (taken["State"].Text == "blackhole")
        {
            return (name, subnet, to, $"sends {cidr} into a black hole: {Next(taken)} is gone");
        }

        return IsPrivate(address) && taken["GatewayId"].Text?.StartsWith("igw-", StringComparison.Ordinal) == true
            ? (name, subnet, to,
                $"has no route to {to} but {cidr} to internet gateway {taken["GatewayId"].Text}, which drops private addresses")
            : null;
    }

    private static string Next(PlanValue route) =>
        Ways.Select(name => route[name].Text).FirstOrDefault(text => text is { Length: > 0 }) ?? "what it leads to";

    private static bool IsPrivate(IPAddress address) => address.GetAddressBytes() is { Length: 4 } bytes
        && (bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 100 && bytes[1] is >= 64 and < 128));
}
