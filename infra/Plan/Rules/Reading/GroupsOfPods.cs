namespace Candor.Planning.Rules;

/// <summary>Which security groups stand around the pods of a route.</summary>
internal sealed class GroupsOfPods
{
    private readonly LintScope _scope;
    private readonly ILookup<string, PlanResource> _policies;
    private readonly Dictionary<(object Pods, string Around, int Port), (bool LetsOut, bool LetsIn, string? Declared)> _between = [];
    private readonly HashSet<(object Pods, string Asked)> _asked = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _related = new(StringComparer.Ordinal);

    internal GroupsOfPods(LintScope scope)
    {
        _scope = scope;
        _policies = scope.OfType(KubernetesTypes.SecurityGroupPolicy).ToLookup(policy => policy.KubernetesNamespace, StringComparer.Ordinal);
    }

    /// <summary>The groups of a balancer, as they are written; null when unknown or none is given.</summary>
    internal static IReadOnlyList<string>? OfBalancer(PlanResource balancer)
    {
        var groups = balancer.Inputs["securityGroups"].Items.Select(group => group.Text).ToList();
        return groups.Count == 0 || groups.Any(group => group is null or "[unknown]") ? null : [.. groups.OfType<string>()];
    }

    /// <summary>
    /// The groups that a SecurityGroupPolicy gives the pods, or else those that have to do with the balancer's groups and are not
    /// among them.
    /// </summary>
    internal IReadOnlyList<string> Of(Route route, IReadOnlyList<string> balancer)
    {
        if (route.Targets is { } targets)
        {
            return targets.Groups ?? ["[unknown]"];
        }

        var given = Given(route.Workload);
        if (given.Count > 0)
        {
            return given;
        }

        // The same for every route of a balancer.
        var key = string.Join(' ', balancer);
        if (!_related.TryGetValue(key, out var found))
        {
            _related[key] = found = Related(balancer);
        }

        return found;
    }

    private IReadOnlyList<string> Related(IReadOnlyList<string> balancer)
    {
        var related = _scope.Flows.SelectMany(flow =>
            flow.IsIngress && flow.Groups.Any(balancer.Contains) ? [flow.Group]
            : !flow.IsIngress && flow.Group is { } group && balancer.Contains(group) ? flow.Groups
            : Enumerable.Empty<string?>());
        return [.. related.OfType<string>().Where(group => !balancer.Contains(group)).Distinct()];
    }

    /// <summary>
    /// Whether a port is let out of the balancer's groups to those of the pods, and in there; the group that would have to let it in, or
    /// null where none is declared. Every route of a balancer may ask the same, so that it is remembered.
    /// </summary>
    internal (bool LetsOut, bool LetsIn, string? Declared) Between(IReadOnlyList<string> around, IReadOnlyList<string> pods, int port)
    {
        var key = (pods, string.Join(' ', around), port);
        if (!_between.TryGetValue(key, out var found))
        {
            var letsOut = !AreDeclared(around) || _scope.FlowsByGroup.Of(around, isIngress: false)
                .Any(flow => flow.MayCover(port) && (flow.MayReach(pods) || (pods.Count == 0 && flow.Groups.Count > 0)));

            // A group from elsewhere beside them, such as the cluster's own, cannot name a balancer that this Plan makes.
            List<string> declared = pods.Contains("[unknown]") ? [] : [.. pods.Where(group => AreDeclared([group]))];
            var letsIn = declared.Count == 0 || _scope.FlowsByGroup.Of(declared, isIngress: true).Any(flow => flow.MayCover(port) && flow.MayReach(around));
            _between[key] = found = (letsOut, letsIn, declared.FirstOrDefault());
        }

        return found;
    }

    /// <summary>Whether it is the first time that somebody asks about the groups and ports.</summary>
    internal bool IsFirst(IReadOnlyList<string> pods, IReadOnlyList<string> around, IReadOnlyList<int> ports) =>
        _asked.Add((pods, $"{string.Join(' ', around)} {string.Join(' ', ports)}"));

    /// <summary>The groups that a SecurityGroupPolicy gives a workload's pods.</summary>
    internal IReadOnlyList<string> Given(Workload? workload) =>
        workload is null
            ? []
            : [.. _policies[workload.Namespace]
                .Where(policy => LabelSelector.Matches(policy.Inputs["spec"]["podSelector"], workload.Labels))
                .SelectMany(policy => policy.Inputs["spec"]["securityGroups"]["groupIds"].Items)
                .Select(group => group.Text)
                .OfType<string>()
                .Distinct()];

    /// <summary>Whether every group is declared in the Plan, so that its rules are all known.</summary>
    internal bool AreDeclared(IReadOnlyList<string> groups) =>
        groups.Count > 0 && groups.All(group => _scope.Plan.Index.Resolve(group)?.Type == ResourceTypes.SecurityGroup);

    internal PlanResource? Resource(string group) => _scope.Plan.Index.Resolve(group);
}
