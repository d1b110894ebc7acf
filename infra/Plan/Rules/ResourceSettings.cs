namespace Candor.Planning.Rules;

/// <summary>RS: what containers reserve, and what they may use.</summary>
internal sealed class ResourceSettings : RuleFamily
{
    internal static readonly Rule Requests = new()
    {
        Id = "RS001",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        IsOneEdit = true,
        Holds = "every container requests CPU and memory",
        Why = "The scheduler would put pods where they starve, and a starved app fails its probes although nothing is broken.",
        Fix = "Set resources.requests.cpu and resources.requests.memory.",
        Example = "spec.template.spec.containers[0].resources.requests.cpu is not set, expected a quantity",
        Counterparts = new("container-resources", "unset-cpu-requirements, unset-memory-requirements", "cpuRequestsMissing, memoryRequestsMissing", "C-0004, C-0050", "CKV_K8S_10, CKV_K8S_12"),
    };

    internal static readonly Rule MemoryLimit = new()
    {
        Id = "RS002",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        IsOneEdit = true,
        Holds = "every container has a memory limit",
        Why = "One leak would take down every pod of the node, not only its own.",
        Fix = "Set resources.limits.memory.",
        Example = "spec.template.spec.containers[0].resources.limits.memory is not set, expected a quantity",
        Counterparts = new("container-resources", "unset-memory-requirements", "memoryLimitsMissing", "C-0004", "CKV_K8S_13"),
    };

    /// <inheritdoc />
    public override string Title => "Resources";

    /// <inheritdoc />
    public override string Reads =>
        "containers of Deployments, StatefulSets and DaemonSets";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Requests, MemoryLimit];

    /// <summary>Whether a container requests none of a resource; Kubernetes takes a limit for the request where that is missing.</summary>
    internal static bool RequestIsMissing(PlanValue resources, string resource) =>
        !resources.IsUnknown() && !resources["requests"].IsUnknown() && !resources["limits"].IsUnknown()
        && resources["requests"][resource].IsMissing() && resources["limits"][resource].IsMissing();

    private static bool Measures(PlanResource autoscaler, Container container, string resource) =>
        autoscaler.Inputs["spec"]["metrics"].Items.Any(metric =>
            (metric["resource"]["name"].Text == resource && metric["resource"]["target"]["type"].Known() is "Utilization" or null && !metric["resource"]["targetAverageValue"].Exists)
            || (metric["containerResource"]["name"].Text == resource && metric["containerResource"]["container"].Text == container.Name));

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var container in scope.Workloads.All.SelectMany(workload => workload.Containers))
        {
            var resources = container.Value["resources"];
            foreach (var resource in new[] { "cpu", "memory" })
            {
                // HP001 tells of one that an autoscaler needs.
                if (RequestIsMissing(resources, resource) && !(container.Workload.Autoscaler is { } autoscaler && Measures(autoscaler, container, resource)))
                {
                    findings.Add(Requests, container.Workload.Resource, $"{container.Path}.resources.requests.{resource}", "not set", "a quantity");
                }
            }

            if (!resources.IsUnknown() && !resources["limits"].IsUnknown() && resources["limits"]["memory"].IsMissing())
            {
                findings.Add(MemoryLimit, container.Workload.Resource, $"{container.Path}.resources.limits.memory", "not set", "a quantity");
            }
        }
    }
}
