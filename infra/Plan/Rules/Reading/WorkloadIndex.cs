namespace Candor.Planning.Rules;

/// <summary>The workloads of a Plan by namespace, each with what selects or scales it. Built once.</summary>
internal sealed class WorkloadIndex
{
    private readonly ILookup<string, Workload> _byNamespace;
    private readonly Dictionary<string, List<Workload>> _behind = new(StringComparer.Ordinal);

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

        Join(plan, ResourceTypes.Service, service => labels => LabelSelector.MatchesService(service.Inputs["spec"]["selector"], labels), (workload, found) => workload.Services = found);
        Join(plan, ResourceTypes.PodDisruptionBudget, budget => labels => LabelSelector.Matches(budget.Inputs["spec"]["selector"], labels), (workload, found) => workload.Budgets = found);
        Join(plan, ResourceTypes.NetworkPolicy, policy => labels => Selects(policy.Inputs["spec"]["podSelector"], labels), (workload, found) => workload.Policies = found);
        foreach (var workload in All)
        {
            foreach (var service in workload.Services)
            {
                if (!_behind.TryGetValue(service.Urn, out var behind))
                {
                    _behind[service.Urn] = behind = [];
                }

                behind.Add(workload);
            }
        }
    }

    internal IReadOnlyList<Workload> All { get; }

    internal IEnumerable<Workload> In(string @namespace) => _byNamespace[@namespace];

    /// <summary>Whether nothing can be said about who selects whom in a namespace, because labels of a workload are unknown.</summary>
    internal bool LabelsUnknownIn(string @namespace) => In(@namespace).Any(workload => workload.LabelsUnknown);

    /// <summary>The workloads that a Service selects.</summary>
    internal IReadOnlyList<Workload> Behind(PlanResource service) => _behind.GetValueOrDefault(service.Urn) ?? [];

    /// <summary>Whether a NetworkPolicy's selector selects the labels; a missing one selects every pod, as the API server reads it.</summary>
    internal static bool Selects(PlanValue selector, PlanValue labels) => selector.IsMissing() || LabelSelector.Matches(selector, labels);

    private static bool Scales(PlanResource autoscaler, Workload workload) =>
        autoscaler.Inputs["spec"]["scaleTargetRef"]["kind"].Known() is not { } kind || workload.Resource.Type.EndsWith(":" + kind, StringComparison.Ordinal);

    private void Join(Plan plan, string type, Func<PlanResource, Func<PlanValue, bool>> selects, Action<Workload, IReadOnlyList<PlanResource>> assign)
    {
        var selectors = plan.Index.OfType(type).ToLookup(resource => resource.KubernetesNamespace, StringComparer.Ordinal);
        foreach (var workload in All)
        {
            assign(workload, [.. selectors[workload.Namespace].Where(resource => selects(resource)(workload.Labels))]);
        }
    }
}
