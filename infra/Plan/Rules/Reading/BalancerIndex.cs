namespace Candor.Planning.Rules;

/// <summary>Which load balancers send to which target group, by their listeners and listener rules.</summary>
internal sealed class BalancerIndex
{
    private readonly Dictionary<string, HashSet<PlanResource>> _byTargetGroup = new(StringComparer.Ordinal);
    private readonly Plan _plan;

    internal BalancerIndex(Plan plan)
    {
        _plan = plan;
        foreach (var listener in plan.Index.OfType(ResourceTypes.Listener))
        {
            Add(listener.Inputs["defaultActions"], plan.BalancerOf(listener));
        }

        foreach (var rule in plan.Index.OfType(ResourceTypes.ListenerRule))
        {
            Add(rule.Inputs["actions"], plan.ListenerOf(rule) is { } listener ? plan.BalancerOf(listener) : null);
        }
    }

    /// <summary>The load balancers that forward to a target group.</summary>
    internal IReadOnlyList<PlanResource> Of(PlanResource targetGroup) =>
        _byTargetGroup.TryGetValue(targetGroup.Urn, out var found) ? [.. found] : [];

    private void Add(PlanValue actions, PlanResource? balancer)
    {
        if (balancer is null)
        {
            return;
        }

        foreach (var arn in actions.Items.SelectMany(Listeners.TargetGroups))
        {
            if (_plan.Index.Resolve(arn) is { } group)
            {
                if (!_byTargetGroup.TryGetValue(group.Urn, out var balancers))
                {
                    _byTargetGroup[group.Urn] = balancers = [];
                }

                balancers.Add(balancer);
            }
        }
    }
}
