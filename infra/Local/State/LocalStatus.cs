using System.Text.Json.Serialization;

namespace Candor.Local;

/// <summary>How far a workload is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutState>))]
public enum RolloutState
{
    /// <summary>On its way.</summary>
    Progressing,

    /// <summary>Every pod is of the wanted template and was available; a pod that fell since is being restarted.</summary>
    Complete,

    /// <summary>No progress within the progress deadline. The previous pods continue serving.</summary>
    Failed,
}

/// <summary>What the balancer makes of a target.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TargetState>))]
public enum TargetState
{
    /// <summary>Registered; its first check has not passed yet.</summary>
    Initial,

    /// <summary>Gets requests.</summary>
    Healthy,

    /// <summary>As many checks in a row as the threshold have failed.</summary>
    Unhealthy,

    /// <summary>Deregistered; finishes what it has.</summary>
    Draining,
}

/// <summary>A running stack, as <c>candor status</c> shows it.</summary>
public sealed record LocalStatus
{
    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>Process id of the supervisor.</summary>
    public required int Supervisor { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What durations are divided by.</summary>
    public required double Speed { get; init; }

    /// <summary>Whether every pod has a network namespace of its own.</summary>
    public bool Isolated { get; init; }

    /// <summary>Whether every workload is complete and every target healthy.</summary>
    public required bool Healthy { get; init; }

    /// <summary>Whether it is being brought down.</summary>
    public bool Stopping { get; init; }

    /// <summary>
    /// What is wrong with the run itself and for a person to put right, such as a taken port or a full disk; a sentence each.
    /// </summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Where the balancer listens, one URL a listener.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Where the status page is, or null without one.</summary>
    public string? Page { get; init; }

    /// <summary>Where Prometheus, Alertmanager and the blackbox exporter listen, when they run.</summary>
    public IReadOnlyList<LocalMonitor> Monitoring { get; init; } = [];

    /// <summary>Deployments and StatefulSets.</summary>
    public required IReadOnlyList<WorkloadStatus> Workloads { get; init; }

    /// <summary>Every pod.</summary>
    public required IReadOnlyList<LocalPod> Pods { get; init; }

    /// <summary>Every registered target of every target group.</summary>
    public required IReadOnlyList<LocalTargetHealth> Targets { get; init; }
}

/// <summary>A part of the monitoring.</summary>
/// <param name="Name">What it is, such as <c>Prometheus</c>.</param>
/// <param name="Url">Where it listens.</param>
public sealed record LocalMonitor(string Name, string Url);

/// <summary>A Deployment or StatefulSet.</summary>
public sealed record WorkloadStatus
{
    /// <summary><c>Deployment</c> or <c>StatefulSet</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Pods that are wanted.</summary>
    public required int Replicas { get; init; }

    /// <summary>Pods of the wanted template.</summary>
    public required int Updated { get; init; }

    /// <summary>Ready pods.</summary>
    public required int Ready { get; init; }

    /// <summary>Pods that have been ready for minReadySeconds.</summary>
    public required int Available { get; init; }

    /// <summary>Counts the templates it has gone through, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>How far it is.</summary>
    public required RolloutState State { get; init; }

    /// <summary>Why it is not complete; empty when it is.</summary>
    public required string Reason { get; init; }
}

/// <summary>One pod.</summary>
public sealed record LocalPod
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The workload it belongs to.</summary>
    public required string Workload { get; init; }

    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>Its container's ports by name.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>Its process, or null while none runs.</summary>
    public required int? ProcessId { get; init; }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>BackOff</c>, <c>Terminating</c> or <c>Ended</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Whether it is ready, readiness gates included.</summary>
    public required bool Ready { get; init; }

    /// <summary>How often its process was started again.</summary>
    public required int Restarts { get; init; }

    /// <summary>How its process ended the last time; 128 + n for death by signal n.</summary>
    public required int? LastExitCode { get; init; }

    /// <summary>When its process started.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>Why it is not ready; empty when it is.</summary>
    public required string Reason { get; init; }

    /// <summary>Path of its log.</summary>
    public required string Log { get; init; }
}

/// <summary>One target of the balancer.</summary>
public sealed record LocalTargetHealth
{
    /// <summary>The target group.</summary>
    public required string TargetGroup { get; init; }

    /// <summary>The pod.</summary>
    public required string Pod { get; init; }

    /// <summary>Its address and port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the balancer makes of it.</summary>
    public required TargetState State { get; init; }

    /// <summary>What the last check saw.</summary>
    public required string Reason { get; init; }

    /// <summary>Requests that it was given so far.</summary>
    public required long Requests { get; init; }
}
