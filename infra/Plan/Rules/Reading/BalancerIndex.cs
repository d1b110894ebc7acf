namespace Candor.Planning.Rules;

/// <summary>Which load balancers send to which target group, by their listeners and listener rules.</summary>
internal sealed class BalancerIndex
{
    private readonly Dictionary<string, HashSet<PlanResource>> _byTargetGroup = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PlanResource>> _forwarders = new(StringComparer.Ordinal);
    private readonly Plan _plan;

    internal BalancerIndex(Plan plan)
    {
        _plan = plan;
        foreach (var listener in plan.Index.OfType(ResourceTypes.Listener))
        {
            Add(listener, listener.Inputs["defaultActions"], plan.BalancerOf(listener));
        }

        foreach (var rule in plan.Index.OfType(ResourceTypes.ListenerRule))
        {
            Add(rule, rule.Inputs["actions"], plan.ListenerOf(rule) is { } listener ? plan.BalancerOf(listener) : null);
        }
    }

    /// <summary>The load balancers that forward to a target group.</summary>
    internal IReadOnlyList<PlanResource> Of(PlanResource targetGroup) =>
        _byTargetGroup.TryGetValue(targetGroup.Urn, out var found) ? [.. found] : [];

    /// <summary>Whether of some action nobody can say where it forwards to.</summary>
    internal bool HasUnknown { get; private set; }

    /// <summary>The listeners and rules that forward to a target group.</summary>
    internal IReadOnlyList<PlanResource> ForwardersOf(PlanResource targetGroup) => _forwarders.GetValueOrDefault(targetGroup.Urn) ?? [];

    /// <summary>Whether some listener or rule forwards to a target group.</summary>
    internal bool IsForwardedTo(PlanResource targetGroup) => _forwarders.ContainsKey(targetGroup.Urn);

    private void Add(PlanResource forwarder, PlanValue actions, PlanResource? balancer)
    {
        HasUnknown |= actions.IsUnknown();
        foreach (var arn in actions.Items.SelectMany(Listeners.TargetGroups))
        {
            var found = _plan.Index.Resolve(arn);
            HasUnknown |= found is null && PlanValueReading.IsUnknown(arn);
            if (found is not null)
            {
                if (!_forwarders.TryGetValue(found.Urn, out var forwarders))
                {
                    _forwarders[found.Urn] = forwarders = [];
                }

                forwarders.Add(forwarder);
            }

            if (balancer is not null && found is { } group)
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
