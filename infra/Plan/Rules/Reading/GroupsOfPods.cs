namespace Candor.Planning.Rules;

/// <summary>Which security groups stand around the pods of a route.</summary>
internal sealed class GroupsOfPods
{
    private readonly LintScope _scope;
    private readonly ILookup<string, PlanResource> _policies;

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
        var given = Given(route.Workload);
        if (given.Count > 0)
        {
            return given;
        }

        var related = _scope.Flows.SelectMany(flow =>
            flow.IsIngress && flow.Groups.Any(balancer.Contains) ? [flow.Group]
            : !flow.IsIngress && flow.Group is { } group && balancer.Contains(group) ? flow.Groups
            : Enumerable.Empty<string?>());
        return [.. related.OfType<string>().Where(group => !balancer.Contains(group)).Distinct()];
    }

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
