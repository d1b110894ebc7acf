namespace Candor.Planning.Rules;

/// <summary>BW: whether listeners, target groups and security groups of a balancer belong together.</summary>
internal sealed class BalancerWiring : RuleFamily
{
    internal static readonly Rule Used = new()
    {
        Id = "BW001",
        Severity = Severity.Warning,
        Holds = "some listener or listener rule forwards to each target group; one with targets and no listener is an error",
        Why = "Nobody is sent there, and its health check is never asked.",
        Fix = "Forward to the target group, or remove it.",
        Example = "the target group is forwarded to by no listener, expected a listener or listener rule that forwards to it",
    };

    internal static readonly Rule OneListener = new()
    {
        Id = "BW002",
        Severity = Severity.Error,
        Holds = "a balancer has one listener on each port",
        Why = "Elastic Load Balancing refuses the second one.",
        Fix = "Give one of them another port, or make it a rule of the other.",
        Example = "port is 80, expected another port than that of listener http",
    };

    internal static readonly Rule Protocol = new()
    {
        Id = "BW003",
        Severity = Severity.Error,
        Holds = "an HTTP target group does not lead to a port that is known to speak something else",
        Why = "The server there answers no HTTP: every health check fails, and no target is ever healthy.",
        Fix = "Use a network load balancer with a TCP target group, or reach the server without a balancer.",
        Example = "protocol is \"HTTP\", expected TCP, because port 6379 is Redis",
    };

    internal static readonly Rule Egress = new()
    {
        Id = "BW004",
        Severity = Severity.Error,
        Holds = "a security group around a balancer, or the tasks or instances behind it, has an egress rule",
        Why = "Pulumi's provider removes the rule that AWS adds: without one nothing leaves: no request, no health check, no pull of an image.",
        Fix = "Add an egress rule for what they reach.",
        Example = "egress is not set, expected a rule for what the tasks reach",
    };

    /// <inheritdoc />
    public override string Title => "Wiring of the balancer";

    /// <inheritdoc />
    public override string Reads => "`aws:lb/targetGroup`, `aws:lb/listener`, `aws:lb/listenerRule`, what is registered with target groups, security groups";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Used, OneListener, Protocol, Egress];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        CheckUsed(scope, findings);
        CheckListeners(scope, findings);
        foreach (var group in scope.OfType(ResourceTypes.TargetGroup))
        {
            CheckProtocol(scope, group, findings);
        }

        CheckEgress(scope, findings);
    }

    // Where an action is not known yet, or a balancer is declared elsewhere, any group may be meant.
    private static void CheckUsed(LintScope scope, FindingList findings)
    {
        if (!scope.OfType(ResourceTypes.Listener).Any() || scope.Balancers.HasUnknown)
        {
            return;
        }

        foreach (var group in scope.OfType(ResourceTypes.TargetGroup).Where(group => !scope.Balancers.IsForwardedTo(group)))
        {
            var hasTargets = scope.Targets.Of(group).Any() || scope.RoutesOf(group).Any(route => route.Binding is not null);
            findings.Add(Used, group, string.Empty, "no listener forwards to it", "a listener or listener rule that does", severity: hasTargets ? Severity.Error : null,
                why: hasTargets ? "Users never reach what is registered there, and ECS refuses a service with it." : null);
        }
    }

    private static void CheckListeners(LintScope scope, FindingList findings)
    {
        foreach (var same in scope.OfType(ResourceTypes.Listener)
            .Where(listener => Listeners.PortOf(listener) is not null && listener.Inputs["loadBalancerArn"].Text is not (null or "[unknown]"))
            .GroupBy(listener => (listener.Inputs["loadBalancerArn"].Text, Listeners.PortOf(listener), IsUdp(listener))))
        {
            foreach (var second in same.Skip(1))
            {
                findings.Add(OneListener, second, "port", $"{same.Key.Item2}", $"another port than that of listener {same.First().Name}");
            }
        }
    }

    private static bool IsUdp(PlanResource listener) => listener.Inputs["protocol"].Text is "UDP";

    private static void CheckProtocol(LintScope scope, PlanResource group, FindingList findings)
    {
        if (group.Inputs["protocol"].Known() is not ("HTTP" or "HTTPS") || group.Inputs["targetType"].Text is "lambda" or "alb")
        {
            return;
        }

        var ports = scope.RoutesOf(group).Select(route => route.TrafficPort).Append(group.Inputs["port"].Whole()).OfType<int>().Distinct();
        foreach (var port in ports.Where(port => KnownPorts.ServerOf(port) is not null).Take(1))
        {
            findings.Add(Protocol, group, "protocol", group.Inputs["protocol"].Shown(), $"TCP, because port {port} is {KnownPorts.ServerOf(port)}");
        }
    }

    private static void CheckEgress(LintScope scope, FindingList findings)
    {
        var leaving = scope.Flows.Where(flow => !flow.IsIngress).ToList();
        if (leaving.Exists(flow => flow.Group is null or "[unknown]"))
        {
            return;
        }

        var reached = scope.Routes.Select(route => (route.Targets?.Groups, Noun: $"{route.Targets?.Noun} reach"))
            .Concat(scope.Routes.Where(route => route.TrafficPort is null).SelectMany(route => route.Balancers)
                .Select(balancer => (Groups: GroupsOfPods.OfBalancer(balancer), Noun: "balancer reaches")));
        var open = leaving.Select(flow => flow.Group!).ToHashSet(StringComparer.Ordinal);
        foreach (var (groups, noun) in reached.Where(entry => entry.Groups is not null))
        {
            var declared = groups!.Select(scope.Plan.Index.Resolve).ToList();
            if (declared.TrueForAll(group => group is { CanonicalType: ResourceTypes.SecurityGroup, IsExternal: false } && !group.Inputs["egress"].IsUnknown()) && !groups!.Any(open.Contains))
            {
                findings.Add(Egress, declared[0], "egress", "not set", $"a rule for what the {noun}");
            }
        }
    }
}
