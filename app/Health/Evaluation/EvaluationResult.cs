using System.Collections.Immutable;
using Candor.Health.Checks;

namespace Candor.Health.Evaluation;

/// <summary>The result of one round of all checks. Immutable; it is shared by everyone who asks within the freshness bound.</summary>
/// <param name="Checks">One report a check, in the order of registration; the signals of traffic and process last.</param>
/// <param name="CompletedAt">The clock's timestamp when it was complete; its age counts from here.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Late">True when the evaluation was delayed, so that its result is unknown.</param>
internal sealed record EvaluationResult(ImmutableArray<CheckReport> Checks, long CompletedAt, TimeSpan Duration, bool Late);
