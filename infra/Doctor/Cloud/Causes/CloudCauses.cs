using System.Globalization;
using System.Net;
using Candor.Doctor.Model;
using Candor.Doctor.Targets;
using Candor.Planning;

namespace Candor.Doctor.Cloud.Causes;

/// <summary>Base of the causes that AWS itself shows.</summary>
internal abstract class CloudCause : Cause<CloudFacts>
{
    internal override string Name => Id.Replace('-', ' ');

    protected Finding Of(CloudFacts facts, PathStep step, string title, string fix, params IReadOnlyList<Evidence?> evidence) => new()
    {
        Cause = Id,
        Subject = facts.Group.Workload ?? facts.Group.Name,
        Title = title,
        Step = step,
        Fix = fix,
        Evidence = [.. evidence.OfType<Evidence>()],
    };

    /// <summary>Targets whose checks get no answer: the ones that something between may keep it from.</summary>
    protected static IEnumerable<TargetFacts> Silent(CloudFacts facts) =>
        facts.Group.Targets.Where(target => target.State is "unhealthy" or "initial" && target.Code is "Target.Timeout" or "Target.FailedHealthChecks");
}

/// <summary>No listener forwards to the target group.</summary>
internal sealed class NoListener : CloudCause
{
    internal override string Id => "target-group-unused";

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        if (!facts.Balancer.Exists && facts.Group.Targets.Any(target => target.Code == "Target.NotInUse"))
        {
            yield return Of(
                facts, PathStep.Balancer, $"Target group {facts.Group.Name} is used by no listener of any load balancer: no probes and no requests reach its {facts.Group.Targets.Count} targets.",
                "Have a listener or a rule forward to it.", new Evidence("LoadBalancerArns is empty", facts.Group.Source), new Evidence("Target.NotInUse", "aws elbv2 describe-target-health"));
        }
        else if (facts.Balancer.Exists && facts.Balancer["State"]["Code"].Text is { } state and not ("active" or "active_impaired"))
        {
            yield return Of(facts, PathStep.Balancer, $"Load balancer {facts.Balancer["LoadBalancerName"].Text} is {state}: {facts.Balancer["State"]["Reason"].Text}", state == "provisioning" ? "Wait." : "Look at the balancer's subnets and limits.", new Evidence($"State {state}", "aws elbv2 describe-load-balancers")) with
            { Cause = "balancer-state", Severity = state == "provisioning" ? Severity.Note : Severity.Fault };
        }
    }
}

/// <summary>Targets are in a zone that the balancer does not serve.</summary>
internal sealed class ZoneNotServed : CloudCause
{
    internal override string Id => "target-zone";

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        var zones = facts.BalancerZones;
        var outside = facts.Group.Targets.Where(target => target.State == "unused" && target.Zone is { } zone && zone != "all" && zones.Count > 0 && !zones.Contains(zone)).ToList();
        if (outside.Count > 0)
        {
            var where = string.Join(", ", outside.Select(target => target.Zone).Distinct());
            yield return Of(
                facts, PathStep.Balancer, $"{outside.Count} of {facts.Group.Targets.Count} targets of {facts.Group.Name} are in zone {where}, and the balancer serves {string.Join(", ", zones)}: they get no request.",
                $"Give the balancer a subnet in {where} (candor:balancerSubnetIds), or keep pods out of that zone.",
                new Evidence($"target {outside[0].Id} in {outside[0].Zone}: {outside[0].Description}", "aws elbv2 describe-target-health"), new Evidence($"zones {string.Join(", ", zones)}", "aws elbv2 describe-load-balancers"));
        }
    }
}

/// <summary>A security group lets the balancer not out, or not in.</summary>
internal sealed class SecurityGroupClosed : CloudCause
{
    internal override string Id => "security-group";

    internal override IReadOnlyList<string> Needs => ["security groups", "network interfaces"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        foreach (var target in Silent(facts))
        {
            if (!facts.Interfaces.TryGetValue(target.Id, out var card))
            {
                continue;
            }

            var port = facts.Group.PortOf(target);
            var pods = card["Groups"].Items.Select(group => group["GroupId"].Text).OfType<string>().ToList();
            var outer = facts.BalancerGroups;
            var known = pods.Concat(outer).All(facts.SecurityGroups.ContainsKey);
            if (!known || pods.Count == 0)
            {
                continue;
            }

            if (outer.Count > 0 && !outer.Any(id => Opens(facts.SecurityGroups[id]["IpPermissionsEgress"], port, pods, [target.Id])))
            {
                yield return Of(
                    facts, PathStep.SecurityGroup, $"Security group {Named(facts, outer)} of the balancer has no egress rule for TCP {port} to {target.Id} ({Named(facts, pods)}): its checks are dropped.",
                    $"Add an egress rule for TCP {port} to {string.Join(", ", pods)}.",
                    new Evidence(Rules(facts, outer, "IpPermissionsEgress"), "aws ec2 describe-security-groups"), new Evidence($"{target.Code}: {target.Description}", "aws elbv2 describe-target-health")) with
                { Fault = "F102", Commands = [$"aws ec2 authorize-security-group-egress --group-id {outer[0]} --ip-permissions IpProtocol=tcp,FromPort={port},ToPort={port},UserIdGroupPairs=[{{GroupId={pods[0]}}}]"] };
                yield break;
            }

            var ranges = facts.BalancerSubnets.Select(id => facts.Subnets.GetValueOrDefault(id)["CidrBlock"].Text).OfType<string>().ToList();
            if (!pods.Any(id => Opens(facts.SecurityGroups[id]["IpPermissions"], port, outer, ranges)))
            {
                // A rule that would do is there, on a group that the pod is not in.
                var opened = facts.SecurityGroups.Where(group => !pods.Contains(group.Key) && !outer.Contains(group.Key) && Opens(group.Value["IpPermissions"], port, outer, ranges)).Select(group => group.Key).ToList();
                yield return Of(
                    facts, PathStep.SecurityGroup,
                    $"Security group {Named(facts, pods)} of target {target.Id} has no ingress rule for TCP {port} from the balancer ({Named(facts, outer)}){(opened.Count > 0 ? $"; it was opened on {Named(facts, opened)}, which the pod is not in" : string.Empty)}: its checks are dropped (filtered).",
                    $"Add an ingress rule for TCP {port} from {string.Join(", ", outer)} to {pods[0]}, or put the pods into the group that was opened (SecurityGroupPolicy).",
                    new Evidence(Rules(facts, pods, "IpPermissions"), "aws ec2 describe-security-groups"),
                    new Evidence($"groups {string.Join(", ", pods)}", $"network interface {card["NetworkInterfaceId"].Text} of {target.Id}"),
                    new Evidence($"{target.Code}: {target.Description}", "aws elbv2 describe-target-health")) with
                { Fault = "F102", Commands = outer.Count == 0 ? [] : [$"aws ec2 authorize-security-group-ingress --group-id {pods[0]} --protocol tcp --port {port} --source-group {outer[0]}"] };
                yield break;
            }
        }
    }

    internal static bool Opens(PlanValue permissions, int port, IReadOnlyList<string> groups, IReadOnlyList<string> ranges) => permissions.Items.Any(rule =>
        (rule["IpProtocol"].Text is "-1" || (rule["IpProtocol"].Text is "tcp" or "6" && (rule["FromPort"].Number ?? 0) <= port && port <= (rule["ToPort"].Number ?? 65535)))
        && (rule["UserIdGroupPairs"].Items.Any(pair => groups.Contains(pair["GroupId"].Text))
            || rule["PrefixListIds"].Items.Any()
            || rule["IpRanges"].Items.Any(range => IPNetwork.TryParse(range["CidrIp"].Text, out var network) && (ranges.Count == 0 ? network.PrefixLength == 0 : ranges.Any(one => Inside(network, one))))));

    private static bool Inside(IPNetwork network, string text) =>
        IPAddress.TryParse(text, out var address) ? network.Contains(address) : IPNetwork.TryParse(text, out var inner) && network.PrefixLength <= inner.PrefixLength && network.Contains(inner.BaseAddress);

    private static string Named(CloudFacts facts, IReadOnlyList<string> ids) => ids.Count == 0 ? "none" : string.Join(", ", ids.Take(3).Select(id => facts.SecurityGroups.TryGetValue(id, out var group) && group["GroupName"].Text is { } name ? $"{id} {name}" : id));

    private static string Rules(CloudFacts facts, IReadOnlyList<string> ids, string direction) => string.Join("; ", ids.Take(2).Select(id => $"{id}: " + (string.Join(", ", facts.SecurityGroups[id][direction].Items.Take(4).Select(rule =>
        $"{rule["IpProtocol"].Text} {rule["FromPort"].Number?.ToString(CultureInfo.InvariantCulture) ?? "all"}-{rule["ToPort"].Number?.ToString(CultureInfo.InvariantCulture) ?? "all"} {string.Join(' ', rule["UserIdGroupPairs"].Items.Select(pair => pair["GroupId"].Text).Concat(rule["IpRanges"].Items.Select(range => range["CidrIp"].Text)))}")) is { Length: > 0 } text ? text : "no rule")));
}

/// <summary>A network ACL drops the check or its answer.</summary>
internal sealed class AclBlocks : CloudCause
{
    // From where Linux takes the ports of connections that a balancer makes; the answers go there.
    private const int FirstEphemeral = 1024;

    internal override string Id => "network-acl";

    internal override IReadOnlyList<string> Needs => ["network ACLs", "subnets", "network interfaces"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        foreach (var target in Silent(facts))
        {
            var subnet = facts.Interfaces.GetValueOrDefault(target.Id)["SubnetId"].Text;
            foreach (var from in facts.BalancerSubnets.Where(one => one != subnet))
            {
                var port = facts.Group.PortOf(target);
                var outer = facts.Subnets.GetValueOrDefault(from)["CidrBlock"].Text;
                var inner = subnet is null ? null : facts.Subnets.GetValueOrDefault(subnet)["CidrBlock"].Text;
                if (subnet is null || outer is null || inner is null)
                {
                    continue;
                }

                (string Subnet, bool Egress, int From, int To, string Peer, string What)[] ways =
                [
                    (from, true, port, port, inner, $"out of the balancer's subnet to TCP {port}"),
                    (subnet, false, port, port, outer, $"into the pods' subnet on TCP {port}"),
                    (subnet, true, FirstEphemeral, 65535, outer, "the answer out of the pods' subnet to the balancer's ephemeral ports 1024-65535"),
                    (from, false, FirstEphemeral, 65535, inner, "the answer into the balancer's subnet on its ephemeral ports 1024-65535"),
                ];
                foreach (var way in ways)
                {
                    if (facts.Acls.TryGetValue(way.Subnet, out var acl) && Denied(acl, way.Egress, way.From, way.To, way.Peer) is { } rule)
                    {
                        yield return Of(
                            facts, PathStep.SecurityGroup, $"Network ACL {acl["NetworkAclId"].Text} of subnet {way.Subnet} blocks {way.What} ({rule}).",
                            $"Allow it in {acl["NetworkAclId"].Text}: {(way.Egress ? "outbound" : "inbound")} TCP {way.From}{(way.To == way.From ? string.Empty : $"-{way.To}")} {(way.Egress ? "to" : "from")} {way.Peer}. A network ACL keeps no state: the answer needs a rule of its own.",
                            new Evidence(rule, $"aws ec2 describe-network-acls, {acl["NetworkAclId"].Text}"), new Evidence($"{target.Code}: {target.Description}", "aws elbv2 describe-target-health")) with
                        { Fault = "F102" };
                        yield break;
                    }
                }
            }
        }
    }

    /// <summary>The rule that decides about the highest port of the range and denies it, or null. Rules count in the order of their numbers.</summary>
    internal static string? Denied(PlanValue acl, bool egress, int from, int to, string peer)
    {
        // The ends and the middle tell whether a range is open as a whole.
        foreach (var port in new[] { from, from + ((to - from) / 2), to }.Distinct())
        {
            var rule = acl["Entries"].Items
                .Where(entry => entry["Egress"].Boolean == egress && entry["CidrBlock"].Text is { } cidr && Overlaps(cidr, peer)
                    && (entry["Protocol"].Text is "-1" || (entry["Protocol"].Text is "6" or "tcp" && (entry["PortRange"]["From"].Number ?? 0) <= port && port <= (entry["PortRange"]["To"].Number ?? 65535))))
                .OrderBy(entry => entry["RuleNumber"].Number).FirstOrDefault();
            if (rule.Exists && rule["RuleAction"].Text == "deny")
            {
                var number = rule["RuleNumber"].Number;
                return number >= 32767 ? $"no rule allows TCP {port} {(egress ? "to" : "from")} {peer}, so the last one denies it" : string.Create(CultureInfo.InvariantCulture, $"rule {number} denies TCP {port} {(egress ? "to" : "from")} {rule["CidrBlock"].Text}");
            }
        }

        return null;
    }

    private static bool Overlaps(string cidr, string peer) => IPNetwork.TryParse(cidr, out var network) && IPNetwork.TryParse(peer, out var other) && (network.Contains(other.BaseAddress) || other.Contains(network.BaseAddress));
}

/// <summary>A listener or its rules do not lead users to the target group, although targets are healthy.</summary>
internal sealed class NoRule : CloudCause
{
    internal override string Id => "no-rule";

    internal override IReadOnlyList<string> Needs => ["listeners", "rules"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        if (facts.Group.Arn is not { } arn || facts.Listeners.Count == 0 || facts.Rules.Count == 0)
        {
            yield break;
        }

        var using_ = facts.Rules.Where(rule => Forwards(rule["Actions"], arn)).ToList();
        if (using_.Count == 0 && !facts.Listeners.Any(listener => Forwards(listener["DefaultActions"], arn)))
        {
            yield return Of(
                facts, PathStep.Balancer, $"No rule of load balancer {facts.Balancer["LoadBalancerName"].Text} forwards to target group {facts.Group.Name}.", "Add a rule, or have the default action forward to it.",
                new Evidence($"{facts.Rules.Count} rules on {facts.Listeners.Count} listeners", "aws elbv2 describe-rules"));
            yield break;
        }

        // A weight of 0 sends nothing, and a rule that rewrites gives the app another host or path than clients send.
        foreach (var rule in using_)
        {
            var weight = rule["Actions"].Items.SelectMany(action => action["ForwardConfig"]["TargetGroups"].Items).FirstOrDefault(group => group["TargetGroupArn"].Text == arn)["Weight"].Number;
            if (weight == 0 && using_.Count == 1)
            {
                yield return Of(facts, PathStep.Balancer, $"The only rule that forwards to target group {facts.Group.Name} gives it the weight 0: it gets no request.", "Give it a weight.", new Evidence("Weight 0", $"rule {rule["Priority"].Text}, aws elbv2 describe-rules")) with { Cause = "weight-zero", Severity = Severity.Warning };
            }

            if (rule["Transforms"].Items.Any() && facts.Recent("HTTPCode_Target_5XX_Count") + facts.Recent("HTTPCode_ELB_5XX_Count") > 0)
            {
                yield return Of(
                    facts, PathStep.Endpoint, $"Rule {rule["Priority"].Text} rewrites host or path before the app sees them ({string.Join(", ", rule["Transforms"].Items.Select(one => one["Type"].Text))}); health checks are not rewritten.", "Compare what the rule makes of the path with what the app serves.",
                    new Evidence(SafeText.Short(rule["Transforms"].ToString(), 160), "aws elbv2 describe-rules")) with
                { Cause = "rule-rewrites", Severity = Severity.Warning, Confidence = Confidence.Possible };
            }
        }
    }

    private static bool Forwards(PlanValue actions, string arn) =>
        actions.Items.Any(action => action["TargetGroupArn"].Text == arn || action["ForwardConfig"]["TargetGroups"].Items.Any(group => group["TargetGroupArn"].Text == arn));
}

/// <summary>No probe fails, and users do.</summary>
internal sealed class HealthyButFailing : CloudCause
{
    private const double Share = 0.01;
    private const double Few = 5;

    internal override string Id => "healthy-but-failing";

    internal override IReadOnlyList<string> Needs => ["metrics"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        if (facts.Group.Targets.Count == 0 || facts.Group.Healthy < facts.Group.Targets.Count(target => target.State is not ("draining" or "initial")))
        {
            yield break;
        }

        var failed = facts.Recent("HTTPCode_Target_5XX_Count");
        var requests = facts.Recent("RequestCount");
        if (failed >= Few && failed > requests * Share)
        {
            var since = facts.Metrics["HTTPCode_Target_5XX_Count"].Since(0);
            var operations = facts.Cluster?.Answers.Values.SelectMany(answers => answers).SelectMany(answer => answer.Health.Operations.Concat(answer.Health.Checks)).GroupBy(part => part.Name, StringComparer.Ordinal).Select(group => group.First()).ToList() ?? [];
            var share = requests > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({failed / requests * 100:0.#} % of {requests:0})") : string.Empty;
            var what = operations.Count > 0
                ? $": the app names {string.Join("; ", operations.Take(3).Select(operation => operation.Text))}"
                : ", and health sees nothing: no check, operation or canary covers the route that fails";
            yield return Of(
                facts, operations.Count > 0 ? PathStep.Dependency : PathStep.Check,
                string.Create(CultureInfo.InvariantCulture, $"Every target of {facts.Group.Name} is healthy, and users got {failed:0} answers of 5xx in ten minutes{share}{(since is { } from ? $", since {from:HH:mm'Z'}" : string.Empty)}{what}."),
                operations.Count > 0 ? $"{Reasons.Of(operations[0].Reason, operations[0].Detail).Fix}" : "List the route as an operation with a canary in the contract (operations: critical, canary): then health fails with it. The app's log names the exception.",
                new Evidence(string.Create(CultureInfo.InvariantCulture, $"HTTPCode_Target_5XX_Count {failed:0} of RequestCount {requests:0} in ten minutes"), "aws cloudwatch get-metric-data", since),
                new Evidence($"{facts.Group.Healthy} of {facts.Group.Targets.Count} targets healthy", facts.Group.Source)) with
            { Fault = operations.Count > 0 ? "F217" : "F211", Confidence = operations.Count > 0 ? Confidence.Likely : Confidence.Certain };
        }

        foreach (var (metric, title, fix) in new[]
        {
            ("TargetConnectionErrorCount", "the balancer could not connect to targets that its checks call healthy", "Look at idle time-outs: the app's keep-alive must be longer than the balancer's idle time-out, and its queue of connections long enough."),
            ("TargetTLSNegotiationErrorCount", "TLS between the balancer and targets failed", "Look at the targets' certificate and TLS versions."),
            ("ClientTLSNegotiationErrorCount", "clients could not agree on TLS with the balancer", "Look at the certificate's end and the listener's TLS policy."),
            ("HTTPCode_ELB_5XX_Count", "the balancer itself answered 5xx", "Look at target health during that time, at idle time-outs, and at requests that took longer than the idle time-out."),
        })
        {
            if (facts.Recent(metric) >= Few && (metric != "HTTPCode_ELB_5XX_Count" || failed < Few))
            {
                yield return Of(
                    facts, PathStep.Balancer, string.Create(CultureInfo.InvariantCulture, $"In the last ten minutes {title} {facts.Recent(metric):0} times ({metric})."), fix,
                    new Evidence(string.Create(CultureInfo.InvariantCulture, $"{metric} {facts.Recent(metric):0} in ten minutes, {facts.Metrics[metric].Sum:0} in the last hour"), "aws cloudwatch get-metric-data", facts.Metrics[metric].Since(0))) with
                { Cause = "balancer-errors", Severity = facts.Recent(metric) > requests * Share ? Severity.Fault : Severity.Warning };
            }
        }
    }
}

/// <summary>The target group was made for another contract than the pods serve.</summary>
internal sealed class TargetGroupDrift : CloudCause
{
    internal override string Id => "contract-drift";

    internal override IReadOnlyList<string> Needs => ["tags"];

    internal override IEnumerable<Finding> Find(CloudFacts facts)
    {
        var served = facts.Cluster?.Workloads.Where(workload => workload.Name == facts.Group.Workload).SelectMany(workload => workload.Pods).SelectMany(pod => facts.Cluster.Answers.GetValueOrDefault(pod.Name) ?? []).Select(answer => answer.ContractHash).FirstOrDefault(hash => hash is not null)
            ?? facts.Cluster?.Workloads.FirstOrDefault(workload => workload.Name == facts.Group.Workload)?.Pods.Select(pod => pod.ContractHash).FirstOrDefault(hash => hash is not null);
        if (facts.Group.ContractHash is { } made && served is not null && made != served)
        {
            var fields = Fields(facts).ToList();
            yield return Of(
                facts, PathStep.Port, $"Target group {facts.Group.Name} was made for contract {made}, and the pods serve {served}{(fields.Count == 0 ? string.Empty : $": they differ in {string.Join(", ", fields)}")}.",
                "Deploy the stack, so that balancer and app go by the same numbers.",
                new Evidence($"{Contract.ContractHash.Tag} {made}", "aws elbv2 describe-tags"), new Evidence($"contract {served}", "header Candor-Contract of the pods")) with
            { Severity = Severity.Warning };
        }
    }

    private static IEnumerable<string> Fields(CloudFacts facts)
    {
        var contract = facts.Cluster!.Workloads.FirstOrDefault(workload => workload.Name == facts.Group.Workload)?.Contract ?? PlanValue.Missing;
        var check = contract["balancer"];
        if (contract["paths"]["readiness"].Text is { } path && path != facts.Group.CheckPath)
        {
            yield return $"path ({facts.Group.CheckPath}, {path})";
        }

        foreach (var (name, seconds) in new[] { ("interval", facts.Group.Interval), ("timeout", facts.Group.Timeout) })
        {
            if (Contract.DurationText.TryParse(check[name].Text, out var agreed) && agreed != seconds)
            {
                yield return $"{name} ({Contract.DurationText.Format(seconds)}, {check[name].Text})";
            }
        }

        if (check["healthyCodes"].Text is { } codes && codes != facts.Group.Codes)
        {
            yield return $"codes ({facts.Group.Codes}, {codes})";
        }
    }
}
