using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>The pod was told to leave: no fault within its grace.</summary>
internal sealed class Leaving : PodCause
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    internal override string Id => "draining";

    internal override Match? Match(PodView view)
    {
        var pod = view.Pod;
        if (pod.DeletedAt is not { } end)
        {
            return null;
        }

        var told = pod.ToldAt ?? end;
        if (view.Cluster.Now <= end + Late)
        {
            var left = end > view.Cluster.Now ? end - view.Cluster.Now : TimeSpan.Zero;
            return new(Finding(
                view, PathStep.Check,
                $"{{who}} {{is}} terminating, for {PodView.Text(view.Age(told))} so far, at most {PodView.Text(left)} left; a 503 meanwhile is the drain.",
                "Wait: the pod ends by itself, and its replacement serves. GET /drain on the management port shows which probers have been notified.",
                new Evidence($"deletionTimestamp {end:HH:mm:ss'Z'}, grace {PodView.Text(pod.Grace)}", $"pod {pod.Name}", told)) with
            { Severity = Severity.Note, Fault = "F108" });
        }

        var node = view.Cluster.Nodes.FirstOrDefault(candidate => candidate.Name == pod.Node);
        var why = node is { Ready: false } ? $"its node {node.Name} does not answer ({node.Reason})" : pod.HasFinalizers ? "a finalizer holds it" : "the kubelet has not ended it";
        return new(Finding(
            view, PathStep.Listener,
            $"{{who}} should have ended and {{is}} still there: {why}.",
            node is { Ready: false } ? "Repair or remove the node; its pods go with it." : "Look at the finalizers and the node's kubelet.",
            new Evidence($"terminating, grace period ended {PodView.Text(view.Age(end))} ago", $"pod {pod.Name}, deletionTimestamp", end)) with
        { Cause = "stuck-terminating", Severity = Severity.Warning });
    }
}

/// <summary>No node takes the pod.</summary>
internal sealed partial class Unschedulable : PodCause
{
    internal override string Id => "unschedulable";

    internal override Match? Match(PodView view)
    {
        if (view.Pod.Condition("PodScheduled") is not { Status: "False" } condition)
        {
            return null;
        }

        var message = condition.Message ?? view.Events.LastOrDefault(one => one.Reason == "FailedScheduling")?.Message ?? condition.Reason ?? "no reason given";
        if (condition.Reason == "SchedulingGated")
        {
            return new(Finding(view, PathStep.Listener, "{who} wait{s} for a scheduling gate to be removed.", "Look at who should remove spec.schedulingGates.", new Evidence(message, $"pod {view.Pod.Name}, condition PodScheduled", condition.Since)));
        }

        // What the scheduler adds about preemption is never the cause.
        var short_ = message.Split(". ")[0].Split("preemption:")[0].TrimEnd('.', ' ');
        return new(Finding(
            view, PathStep.Listener,
            $"{{who}} cannot be scheduled: {Requests(view, short_)}{short_}.",
            Advice(short_),
            new Evidence(message, $"pod {view.Pod.Name}, condition PodScheduled", condition.Since),
            Largest(view)));
    }

    private static string Requests(PodView view, string message)
    {
        var spec = view.Spec;
        return InsufficientWhat().Match(message).Groups[1].Value switch
        {
            "cpu" when spec.CpuRequest is { } cpu => $"each requests {cpu} CPUs, and the largest node has {view.Cluster.Nodes.MaxBy(node => Number(node.Cpu))?.Cpu ?? "an unknown number"} allocatable; ",
            "memory" when spec.MemoryRequest is { } memory => $"each requests {memory} of memory, and the largest node has {view.Cluster.Nodes.MaxBy(node => Number(node.Memory))?.Memory ?? "an unknown size"} allocatable; ",
            _ => string.Empty,
        };
    }

    private static Evidence? Largest(PodView view) => view.Cluster.Nodes.Count == 0 ? null : new(
        string.Create(CultureInfo.InvariantCulture, $"{view.Cluster.Nodes.Count} nodes, {view.Cluster.Nodes.Count(node => node.Ready && !node.Unschedulable)} take pods; the largest has cpu {view.Cluster.Nodes.MaxBy(node => Number(node.Cpu))?.Cpu}, memory {view.Cluster.Nodes.MaxBy(node => Number(node.Memory))?.Memory}{Taints(view)}"),
        "kubectl get nodes, status.allocatable");

    private static string Taints(PodView view) =>
        view.Cluster.Nodes.SelectMany(node => node.Taints).Distinct().Take(3).ToList() is { Count: > 0 } taints ? $"; taints {string.Join(", ", taints)}" : string.Empty;

    private static string Advice(string message) => message switch
    {
        _ when message.Contains("Insufficient", StringComparison.Ordinal) => "Lower resources.requests to what the pods need, or add a node that has as much.",
        _ when message.Contains("taint", StringComparison.Ordinal) => "Add a toleration, or remove the taint.",
        _ when message.Contains("affinity", StringComparison.Ordinal) || message.Contains("selector", StringComparison.Ordinal) || message.Contains("topology", StringComparison.Ordinal) => "Correct nodeSelector, affinity or topologySpreadConstraints, or label a node.",
        _ when message.Contains("PersistentVolumeClaim", StringComparison.OrdinalIgnoreCase) || message.Contains("volume", StringComparison.Ordinal) => "Look at the PersistentVolumeClaims: kubectl get pvc, and the storage class's provisioner.",
        _ when message.Contains("unschedulable", StringComparison.Ordinal) => "A node is cordoned: uncordon it, or add one.",
        _ when message.Contains("Too many pods", StringComparison.Ordinal) => "Add a node, or raise the number of pods a node takes (on AWS: addresses per network interface).",
        _ => "Follow the scheduler's message, or add a node.",
    };

    /// <summary>A Kubernetes quantity as a number, for comparing only.</summary>
    internal static double Number(string? quantity)
    {
        var match = Quantity().Match(quantity ?? string.Empty);
        return !match.Success ? 0 : double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
        {
            "m" => 1e-3,
            "k" => 1e3,
            "K" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "Ki" => 1024d,
            "Mi" => 1024d * 1024,
            "Gi" => 1024d * 1024 * 1024,
            "Ti" => 1024d * 1024 * 1024 * 1024,
            _ => 1,
        };
    }

    [GeneratedRegex("Insufficient ([a-z0-9./-]+)")]
    private static partial Regex InsufficientWhat();

    [GeneratedRegex(@"^(\d{1,15}(?:\.\d{1,9})?)([a-zA-Z]{0,2})$")]
    private static partial Regex Quantity();
}

/// <summary>The pod's node does not answer.</summary>
internal sealed class NodeLost : PodCause
{
    internal override string Id => "node-not-ready";

    internal override IReadOnlyList<string> Needs => ["nodes"];

    internal override Match? Match(PodView view) =>
        view.Pod.Node is { } name && view.Cluster.Nodes.FirstOrDefault(node => node.Name == name) is { Ready: false } lost && !view.Pod.IsReady
            ? new(Finding(
                view, PathStep.Listener,
                $"{{who}} {{is}} on node {lost.Name}, which is not ready ({lost.Reason}).",
                $"Look at the node: kubectl describe node {lost.Name}. Its pods are moved after five minutes.",
                new Evidence(lost.Message ?? lost.Reason ?? "Ready is not True", $"node {lost.Name}, condition Ready", lost.Heartbeat)))
            : null;
}

/// <summary>The kubelet threw the pod out.</summary>
internal sealed class Evicted : PodCause
{
    internal override string Id => "evicted";

    internal override Match? Match(PodView view)
    {
        var pod = view.Pod;
        if (pod.Phase is not "Failed")
        {
            return null;
        }

        // The rest of an eviction or a lost node that has been made good is history.
        var ready = view.Workload.Pods.Count(other => other.IsReady);
        var severity = view.Workload.Replicas is { } wanted && ready >= wanted ? Severity.Note : Severity.Fault;
        return new(Finding(
            view, PathStep.Listener,
            $"{{who}} {{is}} no longer running: {pod.Reason ?? "Failed"}{(pod.Message is { } message ? $" ({SafeText.Short(message, 160)})" : string.Empty)}.",
            pod.Reason == "Evicted" ? "The node ran short: request what the pods use (memory, ephemeral storage), or add a node." : "Look at the pod's message; its controller makes a new one.",
            new Evidence(pod.Message ?? pod.Reason ?? "Failed", $"pod {pod.Name}, status")) with
        { Severity = severity });
    }
}

/// <summary>A volume or the pod's network is not there.</summary>
internal sealed class NotSetUp : PodCause
{
    private static readonly string[] Reasons = ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "NetworkNotReady", "FailedMapVolume", "FailedPreStopHook"];

    internal override string Id => "pod-setup";

    internal override string Name => "missing volume or pod network";

    internal override IReadOnlyList<string> Needs => ["events"];

    internal override Match? Match(PodView view)
    {
        if (view.Pod.Containers.Any(container => container.State.Reason is not ("ContainerCreating" or "PodInitializing")) || view.Pod.Containers.Count == 0)
        {
            return null;
        }

        var last = view.Events.Where(one => one.Type == "Warning" && Reasons.Contains(one.Reason)).MaxBy(one => one.Last);
        return last is null ? null : new(Finding(
            view, PathStep.Listener,
            $"{{who}} cannot be set up: {SafeText.Short(last.Message, 220)}",
            last.Reason.Contains("SandBox", StringComparison.Ordinal) || last.Reason == "NetworkNotReady"
                ? "Look at the network plugin on the node (on AWS: aws-node, and free addresses in the subnet)."
                : "Create the missing ConfigMap, Secret or claim, or correct its name in spec.volumes.",
            new Evidence(last.Message, $"event {last.Reason} of pod {view.Pod.Name}", last.Last)));
    }
}
