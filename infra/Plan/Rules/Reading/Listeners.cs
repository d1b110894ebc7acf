namespace Candor.Planning.Rules;

/// <summary>What listeners and their rules refer to.</summary>
internal static class Listeners
{
    /// <summary>The load balancer of a listener, or null.</summary>
    internal static PlanResource? BalancerOf(this Plan plan, PlanResource listener) =>
        OfType(plan.Index.Resolve(listener.Inputs["loadBalancerArn"].Text), ResourceTypes.LoadBalancer);

    /// <summary>The listener of a listener rule, or null.</summary>
    internal static PlanResource? ListenerOf(this Plan plan, PlanResource rule) =>
        OfType(plan.Index.Resolve(rule.Inputs["listenerArn"].Text), ResourceTypes.Listener);

    /// <summary>The target groups that an action forwards to, as they are written.</summary>
    internal static IEnumerable<string> TargetGroups(PlanValue action) =>
        action["forward"]["targetGroups"].Items.Select(group => group["arn"].Text)
            .Append(action["targetGroupArn"].Text)
            .OfType<string>();

    /// <summary>The port of a listener, or null.</summary>
    internal static int? PortOf(PlanResource listener) => listener.Inputs["port"].Whole();

    private static PlanResource? OfType(PlanResource? resource, string type) => resource?.CanonicalType == type ? resource : null;
}
