namespace Candor.Planning.Rules;

/// <summary>PD: whether the PodDisruptionBudget protects exactly its workload, and still lets nodes be drained.</summary>
internal sealed class DisruptionBudget : RuleFamily
{
    internal static readonly Rule Exact = new()
    {
        Id = "PD001",
        Severity = Severity.Error,
        WithoutContract = Severity.Warning,
        Holds = "exactly one PodDisruptionBudget selects each workload behind a balancer, and it selects nothing else",
        Why = "A node drain could evict every pod at once, or be refused because two budgets cover a pod.",
        Fix = "Give the workload a PodDisruptionBudget in its namespace with its own labels as selector.",
        Example = "spec.selector is {\"matchLabels\":{}}, expected the labels of orders alone; it selects database too",
        Counterparts = new("deployment-has-poddisruptionbudget", Polaris: "missingPodDisruptionBudget"),
    };

    internal static readonly Rule Evictable = new()
    {
        Id = "PD002",
        Severity = Severity.Error,
        Holds = "the budget permits at least one eviction at the fewest replicas",
        Why = "A node could never be drained, so cluster upgrades hang.",
        Fix = "Use maxUnavailable: 1.",
        Example = "spec.minAvailable is 2, expected less than the fewest replicas (2)",
        Counterparts = new(KubeLinter: "pdb-max-unavailable, pdb-min-available"),
    };

    internal static readonly Rule UnhealthyPods = new()
    {
        Id = "PD003",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "unhealthyPodEvictionPolicy is AlwaysAllow",
        Why = "A pod that is broken anyway would keep its node from being drained.",
        Fix = "Set unhealthyPodEvictionPolicy to AlwaysAllow.",
        Example = "spec.unhealthyPodEvictionPolicy is not set, expected \"AlwaysAllow\"",
        Counterparts = new(KubeLinter: "pdb-unhealthy-pod-eviction-policy"),
    };

    /// <inheritdoc />
    public override string Title => "Disruption budget";

    /// <inheritdoc />
    public override string Reads =>
        "PodDisruptionBudgets and the Deployments behind a balancer";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Exact, Evictable, UnhealthyPods];

    /// <summary>How many of so many pods may be evicted at once; null when unknown.</summary>
    internal static int? Permits(PlanResource budget, int replicas)
    {
        var spec = budget.Inputs["spec"];
        if (spec["maxUnavailable"].Exists)
        {
            return IntOrPercent.Of(spec["maxUnavailable"], replicas, up: true);
        }

        return spec["minAvailable"].IsMissing() ? 0 : replicas - IntOrPercent.Of(spec["minAvailable"], replicas, up: true);
    }

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        var unknown = scope.OfType(ResourceTypes.PodDisruptionBudget).Any(budget => budget.Inputs["spec"]["selector"].HasUnknown());
        foreach (var workload in scope.Routed.Where(workload => workload.IsDeployment))
        {
            CheckOne(workload, unknown || workload.LabelsUnknown, findings);
        }

        foreach (var budget in scope.OfType(ResourceTypes.PodDisruptionBudget))
        {
            CheckBudget(scope, budget, findings);
        }
    }

    private static void CheckOne(Workload workload, bool selectorsUnknown, FindingList findings)
    {
        if (workload.Budgets.Count == 0 && !selectorsUnknown && workload.Replicas is null or >= 2)
        {
            findings.Add(Exact, workload.Resource, "spec.template.metadata.labels", "selected by no PodDisruptionBudget", $"exactly one in namespace {workload.Namespace}");
        }
        else if (workload.Budgets.Count > 1)
        {
            findings.Add(Exact, workload.Resource, "spec.template.metadata.labels", $"selected by {string.Join(" and ", workload.Budgets.Select(budget => budget.Name))}", "exactly one PodDisruptionBudget");
        }
    }

    private static void CheckBudget(LintScope scope, PlanResource budget, FindingList findings)
    {
        var selected = scope.Workloads.SelectedBy(budget);
        var selector = budget.Inputs["spec"]["selector"];
        if (selected.Count > 1)
        {
            findings.Add(Exact, budget, "spec.selector", selector.Shown(), $"the labels of one workload; it selects {string.Join(" and ", selected.Select(workload => workload.Resource.Name))}");
        }
        else if (selected.Count == 0 && !selector.HasUnknown() && !scope.Routed.Any(workload => workload.Namespace == budget.KubernetesNamespace && workload.Budgets.Count == 0)
            && scope.Workloads.In(budget.KubernetesNamespace).Any() && !scope.Workloads.LabelsUnknownIn(budget.KubernetesNamespace))
        {
            findings.Add(Exact, budget, "spec.selector", selector.Shown(), $"the labels of a workload in namespace {budget.KubernetesNamespace}");
        }

        foreach (var workload in selected)
        {
            if (workload.Replicas is { } replicas && replicas >= 2 && Permits(budget, replicas) is { } permitted && permitted < 1)
            {
                var path = budget.Inputs["spec"]["maxUnavailable"].Exists ? "maxUnavailable" : "minAvailable";
                findings.Add(Evictable, budget, $"spec.{path}", budget.Inputs["spec"][path].Shown(),
                    $"{(path == "maxUnavailable" ? "at least 1" : "less than the fewest replicas")} ({workload.ReplicasField.Name} is {replicas})");
            }
        }

        var policy = budget.Inputs["spec"]["unhealthyPodEvictionPolicy"];
        if (!policy.IsUnknown() && policy.Text != "AlwaysAllow")
        {
            findings.Add(UnhealthyPods, budget, "spec.unhealthyPodEvictionPolicy", policy.Shown(), "\"AlwaysAllow\"");
        }
    }
}
