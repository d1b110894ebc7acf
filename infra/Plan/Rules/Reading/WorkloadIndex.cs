namespace Candor.Planning.Rules;

/// <summary>The workloads of a Plan by namespace, each with what selects or scales it. Built once.</summary>
internal sealed class WorkloadIndex
{
    private readonly ILookup<string, Workload> _byNamespace;
    private readonly Dictionary<string, List<Workload>> _selected = new(StringComparer.Ordinal);
    private readonly LabelIndex<Workload> _labels;
    private readonly HashSet<string> _labelsUnknown;

    internal WorkloadIndex(Plan plan)
    {
        All = [.. KubernetesTypes.Workloads.SelectMany(plan.Index.OfType).Select(resource => new Workload(plan, resource))];
        _byNamespace = All.ToLookup(workload => workload.Namespace, StringComparer.Ordinal);
        var autoscalers = plan.Index.OfType(ResourceTypes.HorizontalPodAutoscaler)
            .ToLookup(autoscaler => (autoscaler.KubernetesNamespace, autoscaler.Inputs["spec"]["scaleTargetRef"]["name"].Known()));
        foreach (var workload in All)
        {
            workload.Autoscaler = autoscalers[(workload.Namespace, workload.Resource.KubernetesName)]
                .FirstOrDefault(autoscaler => Scales(autoscaler, workload));
            workload.ReplicasUnknown = workload.Autoscaler is null && autoscalers[(workload.Namespace, null)].Any();
        }

        _labelsUnknown = All.Where(workload => workload.LabelsUnknown).Select(workload => workload.Namespace).ToHashSet(StringComparer.Ordinal);
        _labels = new(All.Select(workload => (workload, workload.Namespace, workload.Labels)));
        var services = Join(plan, ResourceTypes.Service, service => _labels.SelectService(service.KubernetesNamespace, service.Inputs["spec"]["selector"]));
        var budgets = Join(plan, ResourceTypes.PodDisruptionBudget, budget => _labels.Select(budget.KubernetesNamespace, budget.Inputs["spec"]["selector"]));
        var policies = Join(plan, ResourceTypes.NetworkPolicy, policy => Selected(policy.KubernetesNamespace, policy.Inputs["spec"]["podSelector"]));
        foreach (var workload in All)
        {
            workload.Services = [.. services[workload]];
            workload.Budgets = [.. budgets[workload]];
            workload.Policies = [.. policies[workload]];
        }
    }

    internal IReadOnlyList<Workload> All { get; }

    internal IEnumerable<Workload> In(string @namespace) => _byNamespace[@namespace];

    /// <summary>Whether nothing can be said about who selects whom in a namespace, because labels of a workload are unknown.</summary>
    internal bool LabelsUnknownIn(string @namespace) => _labelsUnknown.Contains(@namespace);

    /// <summary>The workloads that a Service, PodDisruptionBudget or NetworkPolicy selects.</summary>
    internal IReadOnlyList<Workload> SelectedBy(PlanResource resource) => _selected.GetValueOrDefault(resource.Urn) ?? [];

    private static bool Scales(PlanResource autoscaler, Workload workload) =>
        autoscaler.Inputs["spec"]["scaleTargetRef"]["kind"].Known() is not { } kind || workload.Resource.Type.EndsWith(":" + kind, StringComparison.Ordinal);

    /// <summary>Each workload's resources of a type, by what each of them selects; remembers the other way round too.</summary>
    private ILookup<Workload, PlanResource> Join(Plan plan, string type, Func<PlanResource, IEnumerable<Workload>> selects)
    {
        var pairs = new List<(Workload Workload, PlanResource Resource)>();
        foreach (var resource in plan.Index.OfType(type))
        {
            List<Workload> selected = [.. selects(resource)];
            _selected[resource.Urn] = selected;
            pairs.AddRange(selected.Select(workload => (workload, resource)));
        }

        return pairs.ToLookup(pair => pair.Workload, pair => pair.Resource);
    }

    // A NetworkPolicy without a selector selects every pod, as the API server reads it.
    private IEnumerable<Workload> Selected(string @namespace, PlanValue selector) =>
        selector.IsMissing() ? _labels.In(@namespace) : _labels.Select(@namespace, selector);
}
