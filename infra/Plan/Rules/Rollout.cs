using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>RO: whether a rolling update of a workload behind a balancer keeps serving.</summary>
internal sealed partial class Rollout : RuleFamily
{
    /// <summary>How long Pulumi's Kubernetes provider waits for a Deployment when nobody says.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(10);

    private static readonly (string Key, string What)[] Spreading = [("topology.kubernetes.io/zone", "zones"), ("kubernetes.io/hostname", "hosts")];

    /// <inheritdoc />
    public override string Title => "Rolling update";

    /// <inheritdoc />
    public override string Reads =>
        "Deployments behind a balancer (one replica: behind any Service), HorizontalPodAutoscalers, claims, PodDisruptionBudgets, TargetGroupBindings";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Strategy, OneOwner, Redundancy, Gate, Wait];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var workload in scope.Workloads.All.Where(workload => workload.Autoscaler is not null))
        {
            CheckOwner(workload, workload.Autoscaler!, findings);
        }

        // Behind a ClusterIP Service nobody but other services waits, and they may try again.
        foreach (var workload in scope.Serving.Where(container => !KnownPorts.IsServer(container)).Select(container => container.Workload).Distinct().Where(workload => workload.IsDeployment && !scope.IsRouted(workload)))
        {
            if (!findings.HasContract && workload.ExclusiveClaims.Count == 0 && workload is { Autoscaler: null, Replicas: < 2 })
            {
                findings.Add(Redundancy, workload.Resource, "spec.replicas", workload.ReplicasField.Value.IsMissing() ? "not set (1)" : $"{workload.Replicas}", "at least 2",
                    severity: Severity.Warning);
            }
        }

        foreach (var workload in scope.Routed.Where(workload => workload.IsDeployment))
        {
            // A second pod could not mount the volume, so that neither more replicas nor a pod more during a rollout can be asked for.
            if (workload.ExclusiveClaims.Count > 0)
            {
                CheckExclusive(workload, findings);
            }
            else
            {
                CheckStrategy(workload, findings);
                CheckRedundancy(workload, findings);
            }

            CheckWait(workload, findings);
        }

        foreach (var route in scope.Routes)
        {
            if (route is { Binding: { } binding, Workload: { IsDeployment: true } workload })
            {
                CheckGate(scope, binding, workload, findings);
            }
        }
    }

    private static void CheckStrategy(Workload workload, FindingList findings)
    {
        var strategy = workload.Resource.Inputs["spec"]["strategy"]["type"];
        if (strategy.Known() is { } type && type != "RollingUpdate")
        {
            findings.Add(Strategy, workload.Resource, "spec.strategy.type", strategy.Shown(), "RollingUpdate");
            return;
        }

        if (workload.Replicas is not { } replicas || workload.MaxUnavailable(replicas) is not { } unavailable || workload.MaxSurge(replicas) is not { } surge)
        {
            return;
        }

        var path = "spec.strategy.rollingUpdate.maxUnavailable";
        if (unavailable <= 0)
        {
            if (surge <= 0)
            {
                findings.Add(Strategy, workload.Resource, "spec.strategy.rollingUpdate.maxSurge", "0", $"at least 1, because {path} is 0", "Set maxSurge to 1.", why: "A rollout could neither add a pod nor remove one; the API server refuses it.");
            }

            return;
        }

        var permitted = workload.Budgets.Select(budget => DisruptionBudget.Permits(budget, replicas)).Min();
        if (permitted is null || unavailable > permitted)
        {
            var written = workload.RollingUpdate["maxUnavailable"];
            findings.Add(Strategy, workload.Resource, path, written.IsMissing() ? $"not set (25 %, {unavailable} of {replicas} pods)" : $"{written.Shown()} ({unavailable} of {replicas} pods)",
                permitted is null ? "0" : $"0, or at most the {permitted} that the PodDisruptionBudget permits");
        }
    }

    private static void CheckExclusive(Workload workload, FindingList findings)
    {
        var strategy = workload.Resource.Inputs["spec"]["strategy"];
        var claim = workload.ExclusiveClaims.FirstOrDefault(claim => claim.Resource?.Inputs["spec"]["accessModes"].HasUnknown() == false);
        if (claim.Resource is null || strategy.IsUnknown() || strategy["type"].IsUnknown() || strategy["type"].Text == "Recreate")
        {
            return;
        }

        findings.Add(
            Strategy,
            workload.Resource,
            "spec.strategy.type",
            strategy["type"].IsMissing() ? "not set (RollingUpdate)" : strategy["type"].Shown(),
            $"Recreate, because the claim {claim.Name} can be mounted by one node only",
            "Use Recreate, and say that a rollout interrupts the service; or keep the data where several pods reach it.",
            Severity.Warning,
            "On another node the new pod cannot mount the volume while the old one has it, and the rollout hangs.");
    }

    private static void CheckOwner(Workload workload, PlanResource autoscaler, FindingList findings)
    {
        var replicas = workload.Resource.Inputs["spec"]["replicas"];
        var isIgnored = workload.Resource.IgnoreChanges.Any(Ignores);
        if (replicas.Exists && !(isIgnored && !findings.HasContract))
        {
            findings.Add(OneOwner, workload.Resource, "spec.replicas", replicas.Shown(),
                $"not set, because {autoscaler.Name} scales between {autoscaler.Inputs["spec"]["minReplicas"].Shown()} and {autoscaler.Inputs["spec"]["maxReplicas"].Shown()}",
                isIgnored || workload.Plan.IsManifests ? "Remove spec.replicas." : OneOwner.Fix);
        }
        else if (!isIgnored && !workload.Plan.IsManifests)
        {
            findings.Add(OneOwner, workload.Resource, "ignoreChanges", workload.Resource.IgnoreChanges is { Count: > 0 } some ? string.Join(", ", some) : "not set",
                $"spec.replicas, which {autoscaler.Name} owns", "Add spec.replicas to ignoreChanges.", findings.HasContract ? null : Severity.Note);
        }
    }

    private static bool Ignores(string path) => path is "spec.replicas" or "spec" or "spec.*" or "*" or "spec[\"replicas\"]";

    private static void CheckRedundancy(Workload workload, FindingList findings)
    {
        if (workload.Replicas is { } replicas && replicas < 2)
        {
            findings.Add(Redundancy, workload.ReplicasField.Resource, workload.ReplicasField.Path, workload.ReplicasField.Value.IsMissing() ? "not set (1)" : $"{replicas}", "at least 2");
        }

        if (workload.Spec["topologySpreadConstraints"].IsUnknown() || workload.Spec["affinity"].IsUnknown())
        {
            return;
        }

        var missing = Spreading.Where(spread => !Spreads(workload, spread.Key)).ToList();
        if (missing.Count > 0)
        {
            var keys = string.Join(" and ", missing.Select(spread => spread.Key));
            findings.Add(Redundancy, workload.Resource, "spec.template.spec.topologySpreadConstraints",
                $"nothing that spreads over {string.Join(" or ", missing.Select(spread => spread.What))}", $"a constraint on {keys} that selects the workload's own pods",
                $"Add a topologySpreadConstraint on {keys}.", findings.HasContract ? Severity.Warning : Severity.Note);
        }
    }

    private static bool Spreads(Workload workload, string key)
    {
        var constraints = workload.Spec["topologySpreadConstraints"].Items;
        var anti = workload.Spec["affinity"]["podAntiAffinity"];
        var terms = anti["requiredDuringSchedulingIgnoredDuringExecution"].Items
            .Concat(anti["preferredDuringSchedulingIgnoredDuringExecution"].Items.Select(term => term["podAffinityTerm"]));
        return constraints.Concat(terms).Any(term =>
            (term["topologyKey"].IsUnknown() || term["topologyKey"].Text == key)
            && (workload.LabelsUnknown || term["labelSelector"].HasUnknown() || LabelSelector.Matches(term["labelSelector"], workload.Labels)));
    }

    private static void CheckGate(LintScope scope, PlanResource binding, Workload workload, FindingList findings)
    {
        var gate = $"target-health.elbv2.k8s.aws/{binding.KubernetesName}";
        var gates = workload.Spec["readinessGates"];
        var injected = scope.Plan.Index.Kubernetes(ResourceTypes.Namespace, "default", workload.Namespace)
            ?.Inputs["metadata"]["labels"]["elbv2.k8s.aws/pod-readiness-gate-inject"].Text == "enabled";
        var written = gates.IsUnknown() || gates.Items.Any(item => item["conditionType"].IsUnknown() || item["conditionType"].Text == gate);
        if (!written && !injected)
        {
            findings.Add(Gate, workload.Resource, "spec.template.spec.readinessGates", gates.Items.Any() ? gates.Shown() : "not set",
                $"conditionType \"{gate}\", or the label elbv2.k8s.aws/pod-readiness-gate-inject: enabled on the namespace {workload.Namespace}",
                "Label the namespace, or add the readiness gate.");
        }

        if (!workload.Plan.IsManifests && !workload.Resource.DependsOn.Contains(binding.Urn, StringComparer.Ordinal))
        {
            findings.Add(Gate, workload.Resource, "dependsOn", $"nothing of {binding.Name}", $"the TargetGroupBinding {binding.Name}", "Let the Deployment depend on the TargetGroupBinding.",
                why: "The controller adds the readiness gate only to pods that are made after the binding; the first rollout would replace pods before the balancer knows the new ones.");
        }
    }

    private static void CheckWait(Workload workload, FindingList findings)
    {
        if (workload.Contract is not { } contract || workload.Rollout is not { } shape)
        {
            return;
        }

        var annotations = workload.Resource.Inputs["metadata"]["annotations"];
        var rollout = ContractTimeline.Of(contract, shape).RollingUpdate.Worst;
        if (annotations["pulumi.com/skipAwait"].Boolean == true)
        {
            findings.Add(Wait, workload.Resource, "metadata.annotations[\"pulumi.com/skipAwait\"]", "\"true\"", $"Pulumi to wait for the rollout, which takes up to {rollout.Shown()}", "Remove the annotation.");
            return;
        }

        var annotated = annotations["pulumi.com/timeoutSeconds"].Seconds();
        var timeouts = workload.Resource.CustomTimeouts;
        Compare("customTimeouts.create", timeouts?.Create);
        Compare("customTimeouts.update", timeouts?.Update);

        void Compare(string path, TimeSpan? set)
        {
            var wait = set ?? annotated ?? DefaultWait;
            if (wait <= rollout)
            {
                findings.Add(Wait, workload.Resource, path, set is null && annotated is null ? $"not set ({wait.Shown()})" : wait.Shown(), $"more than the timeline's rolling update ({rollout.Shown()})");
            }
        }
    }
}
