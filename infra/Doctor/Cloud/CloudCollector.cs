using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Doctor.Cluster;
using Candor.Doctor.Targets;
using Candor.Planning;

namespace Candor.Doctor.Cloud;

/// <summary>Reads a target group and what is around it; the counts are bounded, however many targets there are.</summary>
internal sealed class CloudCollector(AwsCommand aws, TimeProvider time)
{
    private const int SampledTargets = 8;
    private const int MaximumListeners = 10;

    /// <summary>The metrics of an ALB that tell of users' errors, by the dimension that they have.</summary>
    internal static readonly string[] TargetMetrics =
        ["HTTPCode_Target_5XX_Count", "RequestCount", "TargetConnectionErrorCount", "TargetTLSNegotiationErrorCount", "UnHealthyHostCount",
        "HealthyHostCount"];

    internal static readonly string[] BalancerMetrics =
        ["HTTPCode_ELB_5XX_Count", "ClientTLSNegotiationErrorCount", "RejectedConnectionCount"];

    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>What could not be read: the fact, and why.</summary>
    internal IEnumerable<(string Fact, string Why)> Problems => _problems.OrderBy(problem => problem.Key, StringComparer.Ordinal)
        .Select(problem => (problem.Key, problem.Value));

    /// <summary>Reads one target group by its ARN; null when it cannot be read at all.</summary>
    internal async Task<CloudFacts?> CollectAsync(string arn, ClusterFacts? cluster, CancellationToken cancellationToken)
    {
        var groups = await AskAsync("target group", ["elbv2", "describe-target-groups", "--target-group-arns", arn], cancellationToken)
            .ConfigureAwait(false);
        var group = groups["TargetGroups"].Items.FirstOrDefault();
        if (!group.Exists)
        {
            _problems.TryAdd("target group", $"there is no target group {arn}");
            return null;
        }

        var attributes = AskAsync("target group attributes", ["elbv2", "describe-target-group-attributes", "--target-group-arn", arn],
            cancellationToken);
        var health = AskAsync("target health", ["elbv2", "describe-target-health", "--target-group-arn", arn], cancellationToken);
        var tags = AskAsync("tags", ["elbv2", "describe-tags", "--resource-arns", arn], cancellationToken);
        var balancerArn = group["LoadBalancerArns"].Items.FirstOrDefault().Text;
        var balancers = balancerArn is null ? Task.FromResult(PlanValue.Missing)
            : AskAsync("load balancer", ["elbv2", "describe-load-balancers", "--load-balancer-arns", balancerArn], cancellationToken);
        var listeners = balancerArn is null ? Task.FromResult(PlanValue.Missing)
            : AskAsync("listeners", ["elbv2", "describe-listeners", "--load-balancer-arn", balancerArn], cancellationToken);
        var metrics = balancerArn is null ? Task.FromResult<IReadOnlyDictionary<string,
        MetricFacts>>(new Dictionary<string, MetricFacts>()) : MetricsAsync(arn, balancerArn, cancellationToken);
        await Task.WhenAll(attributes, health, tags, balancers, listeners, metrics).ConfigureAwait(false);

        var facts = new CloudFacts
        {
            Group = Group(group, await attributes.ConfigureAwait(false), await health.ConfigureAwait(false),
                await tags.ConfigureAwait(false), cluster),
            Balancer = (await balancers.ConfigureAwait(false))["LoadBalancers"].Items.FirstOrDefault(),
            Listeners = [.. (await listeners.ConfigureAwait(false))["Listeners"].Items],
            Metrics = await metrics.ConfigureAwait(false),
            Cluster = cluster,
        };
        var rules = await Task.WhenAll(facts.Listeners.Take(MaximumListeners).Where(listener => listener["ListenerArn"].Text is not null)
            .Select(listener =>
                AskAsync("rules", ["elbv2", "describe-rules", "--listener-arn", listener["ListenerArn"].Text!], cancellationToken)))
                .ConfigureAwait(false);
        facts = facts with { Rules = [.. rules.SelectMany(answer => answer["Rules"].Items)] };
        return await NetworkAsync(facts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ARNs of target groups by name.</summary>
    internal async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var found = await AskAsync("target groups by name", ["elbv2", "describe-target-groups", "--names", .. names], cancellationToken)
            .ConfigureAwait(false);
        return [.. found["TargetGroups"].Items.Select(group => group["TargetGroupArn"].Text).OfType<string>()];
    }

    private async Task<PlanValue> AskAsync(string fact, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (answer, why) = await aws.AskAsync(arguments, cancellationToken).ConfigureAwait(false);
        if (why is not null)
        {
            _problems.TryAdd(fact, why);
        }

        return answer;
    }

    private static TargetGroupFacts Group(PlanValue group, PlanValue attributes, PlanValue health, PlanValue tags, ClusterFacts? cluster)
    {
        string? Attribute(string key) => attributes["Attributes"].Items.FirstOrDefault(one => one["Key"].Text == key)["Value"].Text;
        TimeSpan Seconds(string key, double missing) =>
            TimeSpan.FromSeconds(Math.Clamp(double.TryParse(Attribute(key), NumberStyles.Float, CultureInfo.InvariantCulture,
            out var seconds) ? seconds : missing, 0, 1e6));
        var arn = group["TargetGroupArn"].Text;
        var targets = health["TargetHealthDescriptions"].Items.Select(Target).ToList();
        var binding = cluster?.Bindings.FirstOrDefault(one => one["spec"]["targetGroupARN"].Text == arn) ?? PlanValue.Missing;
        return new()
        {
            Name = group["TargetGroupName"].Text ?? arn ?? "unnamed",
            Arn = arn,
            Network = group["VpcId"].Text,
            Source = "aws elbv2 describe-target-groups, describe-target-health",
            Workload = binding["spec"]["serviceRef"]["name"].Text is { } service ? cluster?.WorkloadBehind(service)?.Name : null,
            Protocol = group["Protocol"].Text ?? "HTTP",
            ProtocolVersion = group["ProtocolVersion"].Text ?? "HTTP1",
            CheckProtocol = group["HealthCheckProtocol"].Text ?? "HTTP",
            CheckPort = int.TryParse(group["HealthCheckPort"].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
                : null,
            CheckPath = group["HealthCheckPath"].Text ?? "/",
            Codes = group["Matcher"]["HttpCode"].Text ?? group["Matcher"]["GrpcCode"].Text ?? "200",
            Interval = TimeSpan.FromSeconds(group["HealthCheckIntervalSeconds"].Number ?? 30),
            Timeout = TimeSpan.FromSeconds(group["HealthCheckTimeoutSeconds"].Number ?? 5),
            HealthyThreshold = PodReader.Whole(group["HealthyThresholdCount"], 5),
            UnhealthyThreshold = PodReader.Whole(group["UnhealthyThresholdCount"], 2),
            DeregistrationDelay = Seconds("deregistration_delay.timeout_seconds", 300),
            SlowStart = Seconds("slow_start.duration_seconds", 0),
            MinimumHealthy = int.TryParse(Attribute("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"),
                NumberStyles.None, CultureInfo.InvariantCulture, out var minimum) ? minimum : 1,
            ContractHash = tags["TagDescriptions"].Items.FirstOrDefault()["Tags"].Items
                .FirstOrDefault(tag => tag["Key"].Text == ContractHash.Tag)["Value"].Text,
            Targets = targets,
            Count = health.Exists ? targets.Count : -1,
        };
    }

    private static TargetFacts Target(PlanValue one) => new(
        one["Target"]["Id"].Text ?? "?",
        PodReader.Whole(one["Target"]["Port"], 0),
        one["TargetHealth"]["State"].Text ?? "unavailable",
        one["TargetHealth"]["Reason"].Text ?? string.Empty,
        one["TargetHealth"]["Description"].Text ?? string.Empty)
    {
        Zone = one["Target"]["AvailabilityZone"].Text,
    };

    /// <summary>What stands between balancer and targets, read for a few of the targets that are not healthy.</summary>
    private async Task<CloudFacts> NetworkAsync(CloudFacts facts, CancellationToken cancellationToken)
    {
        var addresses = facts.Group.Targets.Where(target => target.State is "unhealthy" or "initial" or "unused"
            && System.Net.IPAddress.TryParse(target.Id, out _)).Select(target => target.Id).Distinct().Take(SampledTargets).ToList();
        if (addresses.Count == 0)
        {
            return facts;
        }

        var found = await AskAsync("network interfaces",
            ["ec2", "describe-network-interfaces", "--filters", $"Name=addresses.private-ip-address,Values={string.Join(',', addresses)}"],
            cancellationToken).ConfigureAwait(false);
        var interfaces = found["NetworkInterfaces"].Items
            .SelectMany(card => card["PrivateIpAddresses"].Items.Select(address => address["PrivateIpAddress"].Text)
                .Append(card["PrivateIpAddress"].Text).OfType<string>().Distinct().Select(address => (address, card)))
            .Where(pair => addresses.Contains(pair.address))
            .GroupBy(pair => pair.address, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.First().card, StringComparer.Ordinal);
        var groupIds = interfaces.Values.SelectMany(card => card["Groups"].Items.Select(group => group["GroupId"].Text))
            .Concat(facts.BalancerGroups).OfType<string>().Distinct().ToList();
        var subnetIds = interfaces.Values.Select(card => card["SubnetId"].Text).Concat(facts.BalancerSubnets).OfType<string>().Distinct()
            .ToList();
        var groups = groupIds.Count == 0 ? Task.FromResult(PlanValue.Missing)
            : AskAsync("security groups", ["ec2", "describe-security-groups", "--group-ids", .. groupIds], cancellationToken);
        var subnets = subnetIds.Count == 0 ? Task.FromResult(PlanValue.Missing)
            : AskAsync("subnets", ["ec2", "describe-subnets", "--subnet-ids", .. subnetIds], cancellationToken);
        var acls = subnetIds.Count == 0 ? Task.FromResult(PlanValue.Missing)
            : AskAsync("network ACLs", ["ec2", "describe-network-acls", "--filters",
            $"Name=association.subnet-id,Values={string.Join(',', subnetIds)}"], cancellationToken);
        var networks = interfaces.Values.Select(card => card["VpcId"].Text).Append(facts.Balancer["VpcId"].Text ?? facts.Group.Network)
            .OfType<string>().Distinct().ToList();
        var routes = networks.Count == 0 ? Task.FromResult(PlanValue.Missing)
            : AskAsync("route tables", ["ec2", "describe-route-tables", "--filters", $"Name=vpc-id,Values={string.Join(',', networks)}"],
                cancellationToken);
        await Task.WhenAll(groups, subnets, acls, routes).ConfigureAwait(false);
        return facts with
        {
            Interfaces = interfaces,
            SecurityGroups = ById((await groups.ConfigureAwait(false))["SecurityGroups"], "GroupId"),
            Subnets = ById((await subnets.ConfigureAwait(false))["Subnets"], "SubnetId"),
            RouteTables = [.. (await routes.ConfigureAwait(false))["RouteTables"].Items],
            Acls = (await acls.ConfigureAwait(false))["NetworkAcls"].Items
                .SelectMany(acl => acl["Associations"].Items.Select(one => (Subnet: one["SubnetId"].Text, acl)))
                    .Where(pair => pair.Subnet is not null)
                .GroupBy(pair => pair.Subnet!, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.First().acl, StringComparer.Ordinal),
        };
    }

    private static Dictionary<string, PlanValue> ById(PlanValue list, string id) =>
        list.Items.Where(item => item[id].Text is not null).GroupBy(item => item[id].Text!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private async Task<IReadOnlyDictionary<string,
    MetricFacts>> MetricsAsync(string groupArn, string balancerArn, CancellationToken cancellationToken)
    {
        var group = groupArn[(groupArn.LastIndexOf(':') + 1)..];
        var balancer = balancerArn[(balancerArn.IndexOf("loadbalancer/", StringComparison.Ordinal) is var at and >= 0
            ? at + "loadbalancer/".Length : 0)..];
        var queries = new JsonArray();
        foreach (var (metric, own) in TargetMetrics.Select(name => (name, true)).Concat(BalancerMetrics.Select(name => (name, false))))
        {
            var dimensions = new JsonArray(new JsonObject { ["Name"] = "LoadBalancer", ["Value"] = balancer });
            if (own)
            {
                dimensions.Add(new JsonObject { ["Name"] = "TargetGroup", ["Value"] = group });
            }

            queries.Add(new JsonObject
            {
                ["Id"] = "m" + queries.Count.ToString(CultureInfo.InvariantCulture),
                ["Label"] = metric,
                ["MetricStat"] = new JsonObject
                {
                    ["Metric"] = new JsonObject
                    {
                        ["Namespace"] = "AWS/ApplicationELB",
                        ["MetricName"] = metric,
                        ["Dimensions"] = dimensions
                    },
                    ["Period"] = 60,
                    ["Stat"] = metric.EndsWith("HostCount", StringComparison.Ordinal) ? "Maximum" : "Sum",
                },
            });
        }

        var now = time.GetUtcNow();
        var answer = await AskAsync(
            "metrics",
            ["cloudwatch", "get-metric-data", "--metric-data-queries", queries.ToJsonString(), "--start-time", now.AddHours(-1)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), "--end-time",
                now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), "--scan-by", "TimestampDescending"],
            cancellationToken).ConfigureAwait(false);
        var names = TargetMetrics.Concat(BalancerMetrics).ToList();
        return answer["MetricDataResults"].Items
            .Select(result =>
                (Name: result["Id"].Text is { Length: > 1 } id && int.TryParse(id[1..], out var index) && index < names.Count
                ? names[index] : result["Label"].Text, result))
            .Where(pair => pair.Name is not null).GroupBy(pair => pair.Name!, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one =>
                new MetricFacts([.. one.SelectMany(pair => pair.result["Timestamps"].Items.Zip(pair.result["Values"].Items))
                .Select(value => (PodReader.Time(value.First) ?? now, value.Second.Number ?? 0)).OrderByDescending(value => value.Item1)]),
                StringComparer.Ordinal);
    }
}
