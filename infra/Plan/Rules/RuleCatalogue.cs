namespace Candor.Planning.Rules;

/// <summary>Every rule there is.</summary>
public static class RuleCatalogue
{
    /// <summary>The families, in the order in which docs/rules.md lists them.</summary>
    public static IReadOnlyList<RuleFamily> Families { get; } =
    [
        new HealthCheck(),
        new HealthPathFilters(),
        new Probes(),
        new GracefulShutdown(),
        new Rollout(),
        new DisruptionBudget(),
        new Autoscaler(),
        new SecurityGroups(),
        new NetworkPolicies(),
        new Databases(),
        new TargetGroupBindings(),
        new LoadBalancer(),
        new BalancerWiring(),
        new EcsServices(),
        new AutoScalingGroups(),
        new ManagementPort(),
        new ResourceSettings(),
        new SecurityContext(),
        new Secrets(),
        new Images(),
        new Alarms(),
        new Protection(),
        new ApiVersions(),
    ];

    /// <summary>The rules of all families, by id.</summary>
    public static IReadOnlyList<Rule> Rules { get; } = [.. Families.SelectMany(family => family.Rules).OrderBy(rule => rule.Id, StringComparer.Ordinal)];

    /// <summary>The rule of an id, or null.</summary>
    public static Rule? Find(string id) => Rules.FirstOrDefault(rule => rule.Id == id);
}
