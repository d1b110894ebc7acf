using System.Globalization;
using Candor.Contract;
using Candor.Doctor.Model;
using Candor.Planning;
using Finding = Candor.Doctor.Model.Finding;
using Severity = Candor.Doctor.Model.Severity;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>The stack's service is not in the cluster.</summary>
internal sealed class NotDeployed : ClusterCause
{
    internal override string Id => "not-deployed";

    internal override IReadOnlyList<string> Needs => ["deployments"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var wanted in facts.Expected.Plan?.WorkloadsOf().Where(one => one.Type == ResourceTypes.Deployment && one.KubernetesNamespace == facts.Namespace && facts.Workloads.All(found => found.Name != one.KubernetesName)) ?? [])
        {
            yield return Of(
                wanted.KubernetesName, PathStep.Listener,
                $"Deployment {wanted.KubernetesName} of stack {facts.Expected.Plan!.Stack} is not in namespace {facts.Namespace}{(facts.Context.Length > 0 ? $" of context {facts.Context}" : string.Empty)}.",
                "Deploy the stack (pulumi up), or give the right --context.",
                new Evidence("no such Deployment", "kubectl get deployments"));
        }
    }
}

/// <summary>A workload wants pods, and none can be made.</summary>
internal sealed class NoPods : ClusterCause
{
    internal override string Id => "no-pods";

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var workload in facts.Workloads.Where(one => one.Object.Exists))
        {
            var failed = workload.ReplicaSets.Select(set => ("ReplicaSet", NameOf(set))).Append((workload.Kind, workload.Name))
                .SelectMany(owner => facts.Events.Of(owner.Item1, owner.Item2)).Where(one => one.Reason == "FailedCreate").MaxBy(one => one.Last);
            var condition = workload.Conditions.FirstOrDefault(one => one is { Type: "ReplicaFailure", Status: "True" });
            var alive = workload.Pods.Count(pod => !pod.IsLeaving && pod.Phase is not ("Failed" or "Succeeded"));
            if (workload.Replicas > alive && (condition is not null || (failed is not null && alive == 0)))
            {
                var words = condition?.Message ?? failed!.Message;
                yield return Of(
                    workload.Name, PathStep.Listener,
                    string.Create(CultureInfo.InvariantCulture, $"{workload.Title} wants {workload.Replicas} pods and has {alive}: the API server refuses to make them: {SafeText.Short(SafeText.Of(words), 240)}"),
                    words.Contains("quota", StringComparison.OrdinalIgnoreCase) ? "Raise the ResourceQuota, or lower what the pods request."
                        : words.Contains("serviceaccount", StringComparison.OrdinalIgnoreCase) ? "Create the ServiceAccount."
                        : words.Contains("PodSecurity", StringComparison.OrdinalIgnoreCase) ? "Correct the pod's securityContext, or the namespace's pod-security level."
                        : "Do what the API server's words say (quota, admission webhook, policy).",
                    [new Evidence(words, condition is not null ? $"{workload.Title}, condition ReplicaFailure" : $"event FailedCreate of {failed!.Kind} {failed.Name}", condition?.Since ?? failed?.Last)]);
            }
            else if (workload.Replicas == 0 && workload.IsService && facts.Services.Any(service => LabelSelector.MatchesService(service["spec"]["selector"], workload.PodLabels)))
            {
                yield return Of(
                    workload.Name, PathStep.Listener, $"{workload.Title} is scaled to 0 (spec.replicas 0): no pod serves.", "Scale it up.",
                    new Evidence("spec.replicas 0", $"kubectl get {workload.Kind.ToLowerInvariant()} {workload.Name}")) with
                { Cause = "scaled-to-zero", Commands = [$"kubectl scale {workload.Kind.ToLowerInvariant()} {workload.Name} --replicas=2 -n {facts.Namespace}"] };
            }
            else if (workload.Replicas == 0 && !workload.IsService && facts.Service(workload.Name).Exists)
            {
                yield return Of(
                    workload.Name, PathStep.Dependency, $"{workload.Title} is scaled to 0 (spec.replicas 0), and Service {workload.Name} has no endpoint.", "Scale it up.",
                    new Evidence("spec.replicas 0", $"kubectl get {workload.Kind.ToLowerInvariant()} {workload.Name}")) with
                { Cause = "dependency-scaled-to-zero", Severity = Severity.Warning, Commands = [$"kubectl scale {workload.Kind.ToLowerInvariant()} {workload.Name} --replicas=1 -n {facts.Namespace}"] };
            }
        }
    }
}

/// <summary>A PodDisruptionBudget permits no eviction although every pod is well.</summary>
internal sealed class BudgetBlocks : ClusterCause
{
    internal override string Id => "pdb-blocks-eviction";

    internal override IReadOnlyList<string> Needs => ["pdb"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var budget in facts.Budgets)
        {
            var status = budget["status"];
            var expected = PodReader.Whole(status["expectedPods"], 0);
            var desired = PodReader.Whole(status["desiredHealthy"], 0);
            // With unready pods the budget does what it is for; only one that can never permit anything is wrong.
            if (status["disruptionsAllowed"].Number != 0 || expected == 0 || desired < expected)
            {
                continue;
            }

            var name = NameOf(budget);
            var spec = budget["spec"];
            var drained = facts.Nodes.FirstOrDefault(node => node.Unschedulable
                && facts.Workloads.Where(workload => LabelSelector.Matches(spec["selector"], workload.PodLabels))
                    .Any(workload => workload.Pods.Any(pod => pod.Node == node.Name)));
            var wants = spec["minAvailable"].Exists ? $"minAvailable {spec["minAvailable"]}" : $"maxUnavailable {spec["maxUnavailable"]}";
            yield return Of(
                name, PathStep.Listener,
                string.Create(CultureInfo.InvariantCulture, $"Evictions are refused: PodDisruptionBudget {name} wants {desired} available of {expected} replicas ({wants.Replace("\"", string.Empty, StringComparison.Ordinal)}), so ")
                + $"node drains and upgrades wait for ever{(drained is null ? string.Empty : $", that of {drained.Name} now")}. No probe fails.",
                "Use maxUnavailable: 1, or one more replica.",
                new Evidence(string.Create(CultureInfo.InvariantCulture, $"disruptionsAllowed 0, currentHealthy {status["currentHealthy"].Number}, desiredHealthy {desired}, expectedPods {expected}"), $"PodDisruptionBudget {name}, status"),
                drained is null ? null : new Evidence("spec.unschedulable true, and its pods are still there", $"node {drained.Name}")) with
            { Severity = Severity.Warning, Commands = [$"-   {wants.Replace(' ', ':').Replace(":", ": ", StringComparison.Ordinal)}", "+   maxUnavailable: 1"] };
        }
    }
}

/// <summary>A rollout does not go on.</summary>
internal sealed class RolloutStuck : ClusterCause
{
    internal override string Id => "rollout-stuck";

    internal override IReadOnlyList<string> Needs => ["deployments"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var workload in facts.Workloads.Where(one => one.Kind == "Deployment"))
        {
            if (workload.Object["spec"]["paused"].Boolean == true && Stale(workload))
            {
                yield return Of(workload.Name, PathStep.Listener, $"The rollout of {workload.Title} is paused (spec.paused): its pods are of an older template.", "Resume it.", new Evidence("spec.paused true", workload.Title)) with
                { Severity = Severity.Warning, Cause = "rollout-paused", Commands = [$"kubectl rollout resume deployment/{workload.Name} -n {facts.Namespace}"] };
            }
            else if (workload.Conditions.FirstOrDefault(one => one is { Type: "Progressing", Status: "False" }) is { } condition)
            {
                var newest = workload.ReplicaSets.MaxBy(set => Revision(set));
                yield return Of(
                    workload.Name, PathStep.Listener,
                    $"The rollout of {workload.Title} is stuck at ReplicaSet {NameOf(newest)}: {PodReader.Whole(newest["status"]["readyReplicas"], 0)} of {PodReader.Whole(newest["spec"]["replicas"], 0)} pods ready ({condition.Reason}).",
                    "Look at the pods of that ReplicaSet, or undo the rollout.",
                    new Evidence(condition.Message ?? condition.Reason ?? "False", $"{workload.Title}, condition Progressing", condition.Since)) with
                { Commands = [$"kubectl rollout undo deployment/{workload.Name} -n {facts.Namespace}"] };
            }
        }
    }

    private static bool Stale(WorkloadFacts workload) => workload.ReplicaSets.Count > 0 && PodReader.Whole(workload.Object["status"]["updatedReplicas"], 0) < workload.Replicas;

    private static int Revision(PlanValue set) => int.TryParse(set["metadata"]["annotations"]["deployment.kubernetes.io/revision"].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;
}

/// <summary>The contract that an instance serves is another than the one it was deployed with.</summary>
internal sealed class ContractDrift : ClusterCause
{
    internal override string Id => "contract-drift";

    internal override IReadOnlyList<string> Needs => ["answers"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var workload in facts.Workloads)
        {
            foreach (var pod in workload.Pods.Where(pod => !pod.IsLeaving && facts.Answers.ContainsKey(pod.Name)))
            {
                var served = facts.Answers[pod.Name].Select(answer => answer.ContractHash).FirstOrDefault(hash => hash is not null);
                if (served is not null && pod.ContractHash is not null && served != pod.ContractHash)
                {
                    var current = workload.ContractText is { } text ? HashOf(text) : null;
                    yield return Of(
                        workload.Name, PathStep.Port,
                        $"Pod {pod.Name} serves contract {served}, and its template was made for {pod.ContractHash}: the contract was changed under it{(current is null ? string.Empty : current == served ? $" ({workload.ContractSource} has the one that is served)" : current == pod.ContractHash ? $" ({workload.ContractSource} has the template's, so the pod was started before)" : $" ({workload.ContractSource} has a third, {current})")}.",
                        "Roll the Deployment, so that probes, balancer and app go by the same numbers.",
                        new Evidence($"contract {served}", $"header Candor-Contract of pod {pod.Name}"), new Evidence($"contract {pod.ContractHash}", $"annotation {Contract.ContractHash.Annotation} of pod {pod.Name}")) with
                    { Severity = Severity.Warning, Commands = [$"kubectl rollout restart {workload.Kind.ToLowerInvariant()}/{workload.Name} -n {facts.Namespace}"] };
                    break;
                }
            }

            var planned = facts.Expected.Plan is { } plan && plan.WorkloadsOf().FirstOrDefault(one => one.KubernetesName == workload.Name) is { } resource ? plan.ContractTextOf(resource) : null;
            if (planned is not null && workload.Contract.Exists && PlanValue.Parse(planned) is var wanted && Differences(wanted, workload.Contract, string.Empty).ToList() is { Count: > 0 } fields)
            {
                yield return Of(
                    workload.Name, PathStep.Port,
                    $"The stack's files and the deployed contract of {workload.Name} differ by {string.Join(", ", fields.Take(5).Select(field => $"{field.Path} ({field.Wanted} in the stack, {field.Deployed} deployed)"))}{(fields.Count > 5 ? $" and {fields.Count - 5} more" : string.Empty)}.",
                    "Deploy the stack when that is not on purpose.",
                    new Evidence("contract of the stack's program", "candor preview --json"), new Evidence("deployed contract", workload.ContractSource)) with
                { Severity = Severity.Note, Cause = "stack-drift" };
            }
        }
    }

    internal static string? HashOf(string text)
    {
        try
        {
            return ContractJson.Read(new HealthContract(), text) is (var contract, { Count: 0 }) ? ContractHash.Of(contract) : null;
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or FormatException or InvalidContractException)
        {
            return null;
        }
    }

    /// <summary>Fields that both have with other values: what only one has may be of another version.</summary>
    internal static IEnumerable<(string Path, string Wanted, string Deployed)> Differences(PlanValue wanted, PlanValue deployed, string path)
    {
        if (wanted.Kind == System.Text.Json.JsonValueKind.Object && deployed.Kind == System.Text.Json.JsonValueKind.Object)
        {
            return wanted.Properties.Where(property => deployed[property.Key].Exists).SelectMany(property => Differences(property.Value, deployed[property.Key], path.Length == 0 ? property.Key : $"{path}.{property.Key}"));
        }

        if (wanted.Kind == System.Text.Json.JsonValueKind.Array && deployed.Kind == System.Text.Json.JsonValueKind.Array)
        {
            var names = wanted.Items.ToDictionary(item => item["name"].Text ?? item.ToString(), item => item, StringComparer.Ordinal);
            return deployed.Items.Where(item => names.ContainsKey(item["name"].Text ?? item.ToString())).SelectMany(item => Differences(names[item["name"].Text ?? item.ToString()], item, $"{path}[{item["name"].Text ?? item.ToString()}]"));
        }

        return string.Equals(wanted.ToString(), deployed.ToString(), StringComparison.OrdinalIgnoreCase) ? [] : [(path, wanted.ToString(), deployed.ToString())];
    }
}

/// <summary>An autoscaler that reads no metric: no probe fails by it.</summary>
internal sealed class AutoscalerBlind : ClusterCause
{
    internal override string Id => "autoscaler-blind";

    internal override IReadOnlyList<string> Needs => ["hpa"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts) => facts.Autoscalers
        .Where(one => PodReader.Conditions(one["status"]["conditions"]).Any(condition => condition is { Type: "ScalingActive", Status: "False", Reason: not "ScalingDisabled" }))
        .Select(one => Of(
            NameOf(one), PathStep.Balancer, $"HorizontalPodAutoscaler {NameOf(one)} reads no metric, so it does not scale.", "Install or repair the metrics server.",
            new Evidence(PodReader.Conditions(one["status"]["conditions"]).First(condition => condition.Type == "ScalingActive").Message ?? "ScalingActive False", $"HorizontalPodAutoscaler {NameOf(one)}, condition ScalingActive")) with
        { Severity = Severity.Note });
}
