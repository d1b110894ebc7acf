namespace Candor.Planning.Rules;

/// <summary>HP: whether the autoscaler can do what it says.</summary>
internal sealed class Autoscaler : RuleFamily
{
    internal static readonly Rule Bounds = new()
    {
        Id = "HP001",
        Severity = Severity.Error,
        Holds = "2 ≤ minReplicas < maxReplicas, the target exists, and each resource metric has a matching request in every container",
        Why = "The autoscaler could not scale, or would measure against nothing and never act.",
        Fix = "Choose 2 ≤ min < max, and give every container a request of the resource that is measured.",
        Example = "spec.maxReplicas is 2, expected more than spec.minReplicas (2)",
        Counterparts = new("horizontalpodautoscaler-has-target", "hpa-minimum-three-replicas"),
    };

    /// <inheritdoc />
    public override string Title => "Autoscaler";

    /// <inheritdoc />
    public override string Reads =>
        "HorizontalPodAutoscalers and the workloads that they scale";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Bounds];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        var targets = scope.Workloads.All.Where(workload => workload.Autoscaler is not null).ToLookup(workload => workload.Autoscaler!.Urn, StringComparer.Ordinal);
        foreach (var autoscaler in scope.OfType(ResourceTypes.HorizontalPodAutoscaler))
        {
            var target = targets[autoscaler.Urn].FirstOrDefault();
            CheckBounds(scope, autoscaler, target, findings);
            CheckTarget(scope, autoscaler, target, findings);
            if (target is not null)
            {
                CheckMetrics(autoscaler, target, findings);
            }
        }
    }

    private static void CheckBounds(LintScope scope, PlanResource autoscaler, Workload? target, FindingList findings)
    {
        var minimum = autoscaler.Inputs["spec"]["minReplicas"].Whole(1);
        var maximum = autoscaler.Inputs["spec"]["maxReplicas"].Whole();

        // RO003 tells of too few replicas behind a balancer.
        if (minimum < 2 && (target is null || !scope.IsRouted(target)))
        {
            findings.Add(Bounds, autoscaler, "spec.minReplicas", autoscaler.Inputs["spec"]["minReplicas"].Shown(), "at least 2",
                severity: findings.HasContract ? null : Severity.Warning);
        }

        if (minimum >= maximum)
        {
            findings.Add(Bounds, autoscaler, "spec.maxReplicas", $"{maximum}", $"more than spec.minReplicas ({minimum})");
        }
    }

    private static void CheckTarget(LintScope scope, PlanResource autoscaler, Workload? target, FindingList findings)
    {
        var reference = autoscaler.Inputs["spec"]["scaleTargetRef"];
        if (target is null && reference["name"].Known() is not null && scope.Workloads.In(autoscaler.KubernetesNamespace).Any())
        {
            findings.Add(Bounds, autoscaler, "spec.scaleTargetRef", $"{reference["kind"].Text} {reference["name"].Shown()}",
                $"a workload in namespace {autoscaler.KubernetesNamespace}: {string.Join(", ", scope.Workloads.In(autoscaler.KubernetesNamespace).Select(workload => workload.Resource.KubernetesName).Take(5))}",
                "Name the workload's kind and metadata.name.");
        }
    }

    private static void CheckMetrics(PlanResource autoscaler, Workload target, FindingList findings)
    {
        foreach (var metric in autoscaler.Inputs["spec"]["metrics"].Items)
        {
            var one = metric["containerResource"];
            var source = one.Exists ? one : metric["resource"];
            if (source["name"].Known() is not { } resource || source["target"]["type"].Known() is not ("Utilization" or null)
                || source["targetAverageValue"].Exists)
            {
                continue;
            }

            foreach (var container in target.Containers.Where(container => one.IsMissing() || container.Name == one["container"].Text))
            {
                var resources = container.Value["resources"];
                if (ResourceSettings.RequestIsMissing(resources, resource))
                {
                    findings.Add(Bounds, target.Resource, $"{container.Path}.resources.requests.{resource}", "not set", $"a request, because {autoscaler.Name} measures {resource} against it");
                }
            }

            if (one.Exists && one["container"].Known() is { } name && target.Containers.All(container => container.Name != name))
            {
                findings.Add(Bounds, autoscaler, "spec.metrics", $"container \"{name}\"", $"a container of {target.Resource.Name}");
            }
        }
    }
}
