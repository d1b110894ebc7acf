using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>AL: whether somebody is told when users get errors, above all when every target is healthy.</summary>
internal sealed partial class Alarms : RuleFamily
{
    private const string Unhealthy = "UnHealthyHostCount";
    private const string Healthy = "HealthyHostCount";
    private const string BalancerErrors = "HTTPCode_ELB_5XX_Count";
    private const string TargetErrors = "HTTPCode_Target_5XX_Count";
    private const string Latency = "TargetResponseTime";

    /// <summary>The alarms every target group needs: what it is called, which alarm is one, and the dimension that says whose it is.</summary>
    private static readonly (string What, Func<Alarm, bool> Is, bool OfBalancer)[] Needed =
    [
        ("unhealthy hosts", alarm => alarm.Names.Contains(Unhealthy) && !alarm.Names.Contains(TargetErrors) && IsAbove(alarm), false),
        ("healthy hosts below the minimum", alarm => alarm.Names.Contains(Healthy) && !alarm.Names.Contains(TargetErrors) && IsBelow(alarm), false),
        ("balancer 5xx", alarm => alarm.Names.Contains(BalancerErrors) && IsAbove(alarm), true),
        ("target 5xx", alarm => alarm.Names.Contains(TargetErrors) && !IsAboutHosts(alarm) && IsAbove(alarm), false),
        ("p99 latency", alarm => alarm.Names.Contains(Latency) && alarm.IsP99 && IsAbove(alarm), false),
        ("healthy but failing (every target healthy while target 5xx rise)", alarm => alarm.Names.Contains(TargetErrors) && IsAboutHosts(alarm) && IsAbove(alarm), false),
    ];

    /// <inheritdoc />
    public override string Title => "Alarms";

    /// <inheritdoc />
    public override string Reads =>
        "CloudWatch metric and composite alarms, PrometheusRules";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Complete, MissingData, Window, Prometheus];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        var alarms = new AlarmIndex(scope);
        var missing = new List<(PlanResource Resource, PlanResource Balancer, string What)>();
        var watched = new Dictionary<PlanResource, bool>(ReferenceEqualityComparer.Instance);
        foreach (var routes in scope.Routes.Where(route => route.TargetGroup is not null && route.Balancers.Any(IsApplication)).GroupBy(route => route.TargetGroup!))
        {
            Missing(alarms, routes.Key, routes.First(), watched, missing);
            CheckWindows(alarms, routes.Key, routes.First(), findings);
        }

        CheckComplete(missing, findings);
        var pages = scope.OfType(ResourceTypes.CompositeAlarm)
            .Where(composite => composite.Inputs["alarmActions"] is var actions && (actions.IsUnknown() || actions.Items.Any()))
            .Select(composite => composite.Inputs["alarmRule"].Known())
            .ToList();
        foreach (var alarm in alarms.All.Where(alarm => alarm.Names.Count > 0))
        {
            CheckAction(alarm, pages, findings);
            CheckMissingData(alarm, findings);
        }

        PrometheusRules.Check(scope, findings);
    }

    private static bool IsApplication(PlanResource balancer) => balancer.Inputs["loadBalancerType"].Text is null or "application";

    private static bool IsAboutHosts(Alarm alarm) => alarm.Names.Contains(Unhealthy) || alarm.Names.Contains(Healthy);

    private static bool IsAbove(Alarm alarm) => alarm.Operator is null || alarm.Operator.StartsWith("Greater", StringComparison.Ordinal);

    private static bool IsBelow(Alarm alarm) => alarm.Operator is null || alarm.Operator.StartsWith("LessThan", StringComparison.Ordinal);

    private static void Missing(
        AlarmIndex alarms, PlanResource group, Route route, Dictionary<PlanResource, bool> watched, List<(PlanResource, PlanResource, string)> missing)
    {
        foreach (var (what, isOne, ofBalancer) in Needed)
        {
            // Every target group of a balancer asks for the balancer's own alarm.
            bool IsWatched(PlanResource balancer)
            {
                if (!watched.TryGetValue(balancer, out var found))
                {
                    watched[balancer] = found = alarms.Of(balancer).Any(isOne);
                }

                return found;
            }

            if (!alarms.HasUnknown && !(ofBalancer ? route.Balancers.Any(IsWatched) : alarms.Of(group).Any(isOne)))
            {
                missing.Add((ofBalancer ? route.Balancers[0] : group, route.Balancers[0], what));
            }
        }
    }

    // Where nobody watches at all, that is one thing to do, not six for each target group.
    private static void CheckComplete(List<(PlanResource Resource, PlanResource Balancer, string What)> missing, FindingList findings)
    {
        foreach (var ofBalancer in missing.Distinct().GroupBy(entry => entry.Balancer))
        {
            var byResource = ofBalancer.GroupBy(entry => entry.Resource).ToList();
            var groups = byResource.Where(group => group.Key != ofBalancer.Key).ToList();
            var isNothing = byResource.Exists(group => group.Key == ofBalancer.Key) && groups.Count > 0 && groups.TrueForAll(group => group.Count() == Needed.Length - 1);
            if (isNothing)
            {
                findings.Add(Complete, ofBalancer.Key, string.Empty, $"no alarm on it, nor on its target group{(groups.Count == 1 ? string.Empty : "s")} {string.Join(", ", groups.Select(group => group.Key.Name))}",
                    $"alarms for {string.Join(", ", Needed.Select(needed => needed.What))}", "Add the alarms, each with an action.");
                continue;
            }

            foreach (var group in byResource)
            {
                findings.Add(Complete, group.Key, string.Empty, $"no alarm for {string.Join(", ", group.Select(entry => entry.What))}",
                    $"a MetricAlarm on each in namespace {Alarm.Balancers}", "Add the alarm, with an action.");
            }
        }
    }

    private static void CheckAction(Alarm alarm, List<string?> pages, FindingList findings)
    {
        var inputs = alarm.Resource.Inputs;
        var own = inputs["alarmActions"].IsUnknown() || inputs["alarmActions"].Items.Any();
        var enabled = inputs["actionsEnabled"].IsUnknown() || inputs["actionsEnabled"].Boolean != false;
        if (!(own && enabled) && !pages.Exists(rule => rule is null || rule.Contains(alarm.Name, StringComparison.Ordinal)))
        {
            findings.Add(Complete, alarm.Resource, own ? "actionsEnabled" : "alarmActions", own ? "false" : inputs["alarmActions"].Shown(),
                "an action, of its own or of a composite alarm that names it", "Set alarmActions to a topic that notifies someone.");
        }
    }

    private static void CheckMissingData(Alarm alarm, FindingList findings)
    {
        var treat = alarm.Resource.Inputs["treatMissingData"];
        if (treat.IsMissing())
        {
            findings.Add(MissingData, alarm.Resource, "treatMissingData", "not set", alarm.Names.Contains(Healthy) && IsBelow(alarm) ? "\"breaching\"" : "a choice of your own, such as \"notBreaching\"");
        }
        else if (alarm.Names.Contains(Healthy) && !alarm.Names.Contains(TargetErrors) && !treat.IsUnknown() && treat.Text != "breaching")
        {
            findings.Add(MissingData, alarm.Resource, "treatMissingData", treat.Shown(), "\"breaching\", because no data about healthy hosts means that there are none", "Set treatMissingData to breaching.");
        }
    }

    private static void CheckWindows(AlarmIndex alarms, PlanResource group, Route route, FindingList findings)
    {
        var contract = route.Contract;
        foreach (var alarm in alarms.Of(group))
        {
            if (contract is not null && !alarm.Names.Contains(Healthy) && alarm.Window is { } window
                && ContractTimeline.Of(contract, route.Workload?.Rollout ?? RolloutShape.Default).BalancerNoticesFailure.Worst is var notices && window < notices)
            {
                findings.Add(Window, alarm.Resource, "period × datapointsToAlarm", window.Shown(), $"at least the time until the balancer notices a failure ({notices.Shown()})");
            }

            if (alarm.Names.Contains(Healthy) && !alarm.Names.Contains(TargetErrors) && IsBelow(alarm) && alarm.Resource.Inputs["threshold"].Number is { } threshold
                && route.Workload is { Replicas: { } replicas } workload && workload.MaxUnavailable(replicas) is { } unavailable)
            {
                var left = replicas - Math.Max(0, unavailable);
                if (alarm.Operator == "LessThanOrEqualToThreshold" ? left <= threshold : left < threshold)
                {
                    findings.Add(Window, alarm.Resource, "threshold", $"{threshold:0.###}", $"a number that a normal rollout keeps: {replicas} replicas less maxUnavailable {unavailable} leave {left}");
                }
            }
        }
    }
}
