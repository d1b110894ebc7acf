namespace Candor.Planning.Rules;

/// <summary>SG: who may reach whom by the security groups.</summary>
internal sealed partial class SecurityGroups : RuleFamily
{
    /// <inheritdoc />
    public override string Title => "Security groups";

    /// <inheritdoc />
    public override string Reads =>
        "security groups with inline rules, `SecurityGroupRule`, `vpc.SecurityGroupIngressRule` and `EgressRule`, SecurityGroupPolicies, the groups of balancers and of ECS services";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Closed, OwnGroups, Open, Described];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        var balancers = BalancerGroups(scope);
        foreach (var flow in scope.Flows)
        {
            CheckClosed(flow, balancers, findings);
            CheckDescribed(flow, findings);
        }

        CheckMixed(scope, findings);
        var groups = new GroupsOfPods(scope);
        foreach (var route in scope.Routes)
        {
            foreach (var balancer in route.Balancers)
            {
                if (GroupsOfPods.OfBalancer(balancer) is { } around)
                {
                    CheckRoute(scope, groups, balancers, route, balancer, around, findings);
                }
            }
        }

        foreach (var listener in scope.OfType(ResourceTypes.Listener))
        {
            CheckListener(scope, groups, listener, findings);
        }
    }

    private static HashSet<string> BalancerGroups(LintScope scope) =>
        [.. scope.OfType(ResourceTypes.LoadBalancer).SelectMany(balancer => balancer.Inputs["securityGroups"].Items).Select(group => group.Text).OfType<string>()];

    private static void CheckClosed(Flow flow, HashSet<string> balancers, FindingList findings)
    {
        var protocol = flow.IsInline || flow.Resource.Type == ResourceTypes.SecurityGroupRule ? "protocol" : "ipProtocol";
        if (flow.EveryProtocol)
        {
            findings.Add(Closed, flow.Resource, flow.Prefix + protocol, flow.Protocol.Shown(), "tcp with the port that the flow needs",
                severity: findings.HasContract ? null : flow.IsIngress ? Severity.Warning : Severity.Note);
            return;
        }

        var ofBalancer = flow.Group is not { } group || group == "[unknown]" || balancers.Contains(group) || balancers.Contains("[unknown]");
        var (from, to) = (flow.Value["fromPort"], flow.Value["toPort"]);
        var publicPort = from.IsUnknown() || to.IsUnknown() || (from.Whole() is 80 or 443 && from.Whole() == to.Whole());
        if (flow.IsIngress && flow.IsOpenToAll && !(ofBalancer && publicPort))
        {
            findings.Add(Closed, flow.Resource, flow.Prefix.TrimEnd('.'), $"{flow.Ports} open to {string.Join(" and ", flow.Ranges.Where(Flow.IsEverybody))}",
                ofBalancer ? "only port 80 or 443 open to everybody" : "a security group, or the ranges that need it",
                severity: findings.HasContract ? null : Severity.Warning);
        }
    }

    private static void CheckDescribed(Flow flow, FindingList findings)
    {
        if (flow.Value["description"] is var description && !description.IsUnknown() && string.IsNullOrWhiteSpace(description.Text))
        {
            findings.Add(Described, flow.Resource, flow.Prefix + "description", description.Shown(), "a sentence about the purpose of the flow",
                severity: findings.HasContract ? Severity.Warning : Severity.Note);
        }
    }

    // The provider keeps ingress and egress apart: rules of one direction undo each other, inline ingress and separate egress do not.
    private static void CheckMixed(LintScope scope, FindingList findings)
    {
        var separate = scope.Flows.Where(flow => !flow.IsInline && flow.Group is not null).ToLookup(flow => (flow.Group, flow.IsIngress));
        var inlines = scope.Flows.Where(flow => flow.IsInline && flow.Group is not null).DistinctBy(flow => (flow.Group, flow.IsIngress));
        foreach (var inline in inlines)
        {
            if (separate[(inline.Group, inline.IsIngress)].FirstOrDefault() is { } other)
            {
                findings.Add(Described, inline.Resource, inline.Prefix.Split('[')[0], "rules of its own inside", $"none, because {other.Resource.Name} is a rule resource of the same group and direction",
                    "Write every rule as a resource of its own.", why: "Inline and separate rules of one group undo each other at every deployment.");
            }
        }
    }

    private static void CheckRoute(LintScope scope, GroupsOfPods groups, HashSet<string> balancers, Route route, PlanResource balancer, IReadOnlyList<string> around, FindingList findings)
    {
        var pods = groups.Of(route, around);
        var given = route.Targets is { } targets ? targets.Groups ?? [] : groups.Given(route.Workload);
        var shared = given.Where(around.Contains).ToList();
        foreach (var group in shared)
        {
            findings.Add(OwnGroups, balancer, "securityGroups", $"{NameOf(groups, group)}, which is the {NounOf(route)}' group too", "a group of its own");
        }

        // HC002 and TG001 tell of ports on which nothing listens.
        int?[] asked = [route.TrafficPort, route.HealthPort];
        var ports = asked.OfType<int>().Distinct().Where(port => route.Workload?.MayListenOn(port) != false).ToList();
        foreach (var port in ports.Where(_ => shared.Count == 0))
        {
            CheckPort(groups, route, around, pods, port, findings);
        }

        if (groups.IsFirst(pods, around, ports) && groups.AreDeclared(pods))
        {
            CheckOthers(scope, groups, balancers, pods, around, ports, findings);
        }
    }

    private static void CheckPort(GroupsOfPods groups, Route route, IReadOnlyList<string> around, IReadOnlyList<string> pods, int port, FindingList findings)
    {
        var what = port == route.TrafficPort ? "traffic" : "health";
        var flows = groups.Between(around, pods, port);
        if (!flows.LetsOut)
        {
            findings.Add(Open, groups.Resource(around[0]), "egress", $"no rule lets the {what} port {port} out to the {NounOf(route)}",
                $"TCP {port} to {(pods.Count > 0 && pods[0] != "[unknown]" ? NameOf(groups, pods[0]) : $"the {NounOf(route)}' group")}");
        }

        if (flows is { LetsIn: false, Declared: { } declared } && !Opens(route.Binding, port))
        {
            findings.Add(Open, groups.Resource(declared), "ingress", $"no rule lets the {what} port {port} in from the balancer", $"TCP {port} from {NameOf(groups, around[0])}");
        }

        if (pods.Count == 0 && route.Binding is { } binding && binding.Inputs["spec"]["networking"]["ingress"].Items.Any() && !Opens(binding, port))
        {
            findings.Add(Open, binding, "spec.networking.ingress", $"no rule lets the {what} port {port} in", $"TCP {port} from {NameOf(groups, around[0])}");
        }
    }

    private static void CheckOthers(LintScope scope, GroupsOfPods groups, HashSet<string> balancers, IReadOnlyList<string> pods, IReadOnlyList<string> around, IReadOnlyList<int> ports, FindingList findings)
    {
        // A group may stand behind more than one balancer.
        foreach (var flow in scope.FlowsByGroup.Of(pods, isIngress: true).Where(flow => flow is { EveryProtocol: false, IsOpenToAll: false, PeersUnknown: false } && ports.Any(flow.MayCover)))
        {
            var others = flow.Groups.Where(group => !balancers.Contains(group) && !around.Contains(group) && group != flow.Group).Select(group => NameOf(groups, group))
                .Concat(flow.Ranges).Concat(flow.PrefixLists).ToList();
            if (others.Count > 0)
            {
                findings.Add(OwnGroups, flow.Resource, flow.Prefix.TrimEnd('.'), $"{flow.Ports} admits {string.Join(" and ", others)}", $"the balancer's group alone ({NameOf(groups, around[0])})");
            }
        }
    }

    private static void CheckListener(LintScope scope, GroupsOfPods groups, PlanResource listener, FindingList findings)
    {
        if (scope.Plan.BalancerOf(listener) is { } balancer && GroupsOfPods.OfBalancer(balancer) is { } around && groups.AreDeclared(around)
            && Listeners.PortOf(listener) is { } port && !scope.FlowsByGroup.Of(around, isIngress: true).Any(flow => flow.MayCover(port)))
        {
            findings.Add(Open, groups.Resource(around[0]), "ingress", $"no rule lets the listener's port {port} in", $"TCP {port}, on which {listener.Name} listens");
        }
    }

    /// <summary>Whether the load balancer controller opens the port by itself, because the binding says so.</summary>
    private static bool Opens(PlanResource? binding, int port) =>
        binding is not null && binding.Inputs["spec"]["networking"]["ingress"].Items.Any(rule =>
            !rule["ports"].Items.Any() || rule["ports"].Items.Any(entry => entry["port"].IsMissing() || entry["port"].Whole() is null || entry["port"].Whole() == port));

    private static string NounOf(Route route) => route.Targets?.Noun ?? "pods";

    private static string NameOf(GroupsOfPods groups, string group) => groups.Resource(group)?.Name ?? group;
}
