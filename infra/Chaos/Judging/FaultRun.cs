using System.Text.Json.Serialization;
using Candor.Chaos.Catalogue;

namespace Candor.Chaos.Judging;

/// <summary>One fault, made once, and what came of it. This is what the JSON report holds.</summary>
internal sealed record FaultRun
{
    public required string Fault { get; init; }

    public required string Title { get; init; }

    public required FaultFamily Family { get; init; }

    /// <summary>Whom it was measured on.</summary>
    public required ServiceKind Service { get; init; }

    /// <summary>The how many-th repetition, from 1.</summary>
    public int Repetition { get; init; } = 1;

    /// <summary>Whether something is truly wrong.</summary>
    public required bool IsFault { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What it comes to.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Why, a sentence each. For one that says nothing: why it does not.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What users got, by operation.</summary>
    public IReadOnlyList<OperationResult> Operations { get; init; } = [];

    /// <summary>Seconds until the first instance that had to say it said so; null when none did.</summary>
    public double? FirstVerdict { get; init; }

    /// <summary>Seconds until the last of them said so.</summary>
    public double? LastVerdict { get; init; }

    /// <summary>Seconds until the cause was named.</summary>
    public double? FirstReason { get; init; }

    /// <summary>Seconds until the balancer took the first of them out.</summary>
    public double? Ejected { get; init; }

    /// <summary>Seconds from the repair until every instance was as before.</summary>
    public double? HealthRecovered { get; init; }

    /// <summary>Seconds from the repair until the last request that failed.</summary>
    public double? UsersRecovered { get; init; }

    /// <summary>How often an instance's verdict went away and came back while it lasted; the worst of them.</summary>
    public int Flaps { get; init; }

    /// <summary>What was said, the most often said first.</summary>
    public IReadOnlyList<string> Said { get; init; } = [];

    /// <summary>Seconds, over all instances, in which health said that something is wrong and nothing was.</summary>
    public double FalseSeconds { get; init; }

    /// <summary>Restarts by the kubelet.</summary>
    public int Restarts { get; init; }

    /// <summary>The orders afterwards, in words; null where nothing was counted.</summary>
    public string? Orders { get; init; }

    /// <summary>The bounds that it is held against, in seconds.</summary>
    public Bounds Bounds { get; init; } = new();

    /// <summary>The picture over time.</summary>
    public RunTimeline? Timeline { get; init; }

    /// <summary>Whether it counts.</summary>
    [JsonIgnore]
    public bool Counts => Outcome is not (Outcome.Invalid or Outcome.Skipped);

    /// <summary>Whether health said anything that the fault asks for; for a situation without a fault, whether it said anything at all.</summary>
    [JsonIgnore]
    public bool Reported => IsFault ? !Findings.Any(f => f.Kind == FindingKind.Missed) : Findings.Any(f => f.Kind == FindingKind.FalseAlarm);

    /// <summary>Whether it makes <c>candor chaos</c> exit with 1.</summary>
    [JsonIgnore]
    public bool Fails => Counts && Findings.Any(f => f.Kind.Fails());
}

/// <summary>What a run comes to.</summary>
internal enum Outcome
{
    /// <summary>As it must be.</summary>
    Right,

    /// <summary>Said and named, but late, flapping, or slow to recover.</summary>
    Late,

    /// <summary>Something is wrong; the findings say what.</summary>
    Wrong,

    /// <summary>The instrument could not keep up, or the fault had no effect: it counts for nothing.</summary>
    Invalid,

    /// <summary>It cannot be made here.</summary>
    Skipped,
}

/// <summary>One thing to say about a run.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Text">A sentence.</param>
internal sealed record Finding(FindingKind Kind, string Text);

/// <summary>Kinds of findings.</summary>
internal enum FindingKind
{
    /// <summary>Health never said it.</summary>
    Missed,

    /// <summary>Health said it and named something else, or blamed what was fine.</summary>
    WrongReason,

    /// <summary>Health said something where nothing was, or more than was.</summary>
    FalseAlarm,

    /// <summary>Liveness failed, or the kubelet restarted, where no restart helps.</summary>
    Liveness,

    /// <summary>An accepted order is not there, not processed, or there twice.</summary>
    OrdersLost,

    /// <summary>A client got what it must not get.</summary>
    Answer,

    /// <summary>Said, but after its bound.</summary>
    Late,

    /// <summary>The verdict changed back and forth.</summary>
    Flapping,

    /// <summary>Health or users were not back in time.</summary>
    SlowRecovery,

    /// <summary>Users of other operations failed too.</summary>
    AlsoFailed,

    /// <summary>The balancer took the instance out late, or not at all.</summary>
    NotEjected,

    /// <summary>It says nothing, or it could not be made.</summary>
    Instrument,
}

/// <summary>What findings mean.</summary>
internal static class FindingKinds
{
    /// <summary>Whether such a finding makes <c>candor chaos</c> exit with 1.</summary>
    public static bool Fails(this FindingKind kind) =>
        kind is FindingKind.Missed or FindingKind.WrongReason or FindingKind.FalseAlarm or FindingKind.Liveness or FindingKind.OrdersLost or FindingKind.Answer;
}

/// <summary>What users of one operation got.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Before">Share that failed before.</param>
/// <param name="During">Share that failed while it lasted.</param>
/// <param name="Requests">Requests while it lasted.</param>
/// <param name="Slow">Share that was slow while it lasted.</param>
/// <param name="TruePositive">Seconds in which users failed and health said so.</param>
/// <param name="FalsePositive">Seconds in which health said so and users did not fail.</param>
/// <param name="FalseNegative">Seconds in which users failed and health did not say so.</param>
/// <param name="TrueNegative">Seconds in which neither was.</param>
/// <param name="WithinBound">Seconds right after the fault and right after the repair, for which there is a bound.</param>
/// <param name="Failures">The failures in words, the most frequent first.</param>
internal sealed record OperationResult(
    string Operation,
    double Before,
    double During,
    int Requests,
    double Slow,
    int TruePositive,
    int FalsePositive,
    int FalseNegative,
    int TrueNegative,
    int WithinBound,
    IReadOnlyList<string> Failures);

/// <summary>Bounds in seconds, at the run's speed; null where there is none.</summary>
internal sealed record Bounds
{
    public double? Verdict { get; init; }

    public double? Ejection { get; init; }

    public double? Recovery { get; init; }
}

/// <summary>A run as a picture.</summary>
/// <param name="Length">Seconds.</param>
/// <param name="InjectedAt">When it was made.</param>
/// <param name="UndoAt">When undoing began.</param>
/// <param name="UndoneAt">When it was undone.</param>
/// <param name="Users">By operation: the share that failed, a bin each; −1 where nobody asked.</param>
/// <param name="BinSeconds">How long a bin is.</param>
/// <param name="Pods">By pod: what it said, from when to when.</param>
/// <param name="Targets">By pod: what the balancer made of it.</param>
internal sealed record RunTimeline(
    double Length,
    double InjectedAt,
    double UndoAt,
    double UndoneAt,
    IReadOnlyDictionary<string, IReadOnlyList<double>> Users,
    double BinSeconds,
    IReadOnlyDictionary<string, IReadOnlyList<Span>> Pods,
    IReadOnlyDictionary<string, IReadOnlyList<Span>> Targets);

/// <summary>A time during which something stayed the same.</summary>
/// <param name="From">Seconds since the measurement began.</param>
/// <param name="To">Seconds since the measurement began.</param>
/// <param name="State">What it was.</param>
/// <param name="Reasons">What was said of it.</param>
internal sealed record Span(double From, double To, string State, string Reasons);
