using System.Collections.Immutable;
using Candor.Health.Checks;
using Candor.Health.Operations;

namespace Candor.Health.State;

/// <summary>One scope of the health answer. Immutable, and the same object for as long as the evaluation behind it stands.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">The first reason that matters; none when all is well.</param>
/// <param name="Cause">The check that gave the reason.</param>
/// <param name="Checks">The result of each check.</param>
/// <param name="CompletedAt">The clock's timestamp that the age counts from; null for what is true at every moment, such as draining.</param>
internal sealed record Verdict(HealthState State, Reason Reason, string? Cause, ImmutableArray<CheckReport> Checks, long? CompletedAt)
{
    /// <summary>What is known about each operation.</summary>
    public ImmutableArray<OperationReport> Operations { get; init; } = [];

    /// <summary>The root cause in one line, such as <c>place-order: database: 42501 insufficient privilege</c>; null when all is well.</summary>
    public string? RootCause { get; init; }

    /// <summary>True when the instance may get traffic: 200, else 503.</summary>
    public bool Ready => State is HealthState.Ready or HealthState.Degraded;
}
