using System.Collections.Immutable;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;

namespace Candor.Health.State;

/// <summary>Which of the two questions is asked.</summary>
internal enum Scope
{
    /// <summary>Should this instance get traffic?</summary>
    Full,

    /// <summary>The same, whatever happens to what all instances share (<c>?scope=local</c>).</summary>
    Local,
}

/// <summary>Turns what the checks said into a verdict, by the contract's routing policy.</summary>
internal static class Judge
{
    /// <summary>Names of the signals that traffic gives: when a shared dependency fails they show its failure, not one of this instance.</summary>
    private static readonly string[] FromTraffic = ["requests", "errors", "canary"];

    public static Verdict Of(EvaluationResult evaluation, RoutingPolicy routing, Scope scope)
    {
        if (evaluation.Late)
        {
            return new(HealthState.NotReady, Reason.Unknown, null, evaluation.Checks, evaluation.CompletedAt);
        }

        var sharedFailure = evaluation.Checks.Any(check => check is { Outcome: CheckOutcome.Unhealthy, IsLocal: false });
        var spared = scope == Scope.Local || routing.OnSharedFailure == SharedFailure.Report;
        CheckReport? degraded = null;
        foreach (var check in evaluation.Checks)
        {
            if (check.Outcome == CheckOutcome.Healthy)
            {
                continue;
            }

            var local = check.IsLocal && !(sharedFailure && FromTraffic.Contains(check.Name));
            if (check.Outcome == CheckOutcome.Unhealthy && (local || !spared))
            {
                return new(HealthState.NotReady, check.Reason, check.Name, evaluation.Checks, evaluation.CompletedAt);
            }

            degraded ??= check;
        }

        return degraded is { } first
            ? new(HealthState.Degraded, first.Reason, first.Name, evaluation.Checks, evaluation.CompletedAt)
            : new(HealthState.Ready, Reason.None, null, evaluation.Checks, evaluation.CompletedAt);
    }

    /// <summary>The verdict before start-up has ended: each open task stands among the checks.</summary>
    public static Verdict Starting(IReadOnlyList<(string Name, string? Failure)> open)
    {
        var checks = open.Select(task => new CheckReport(task.Name, CheckOutcome.Unhealthy, Reason.Starting, DependencyScope.Local, TimeSpan.Zero, task.Failure ?? "runs", []));
        return new(HealthState.Starting, Reason.Starting, open.Count > 0 ? open[0].Name : null, [.. checks], null);
    }

    /// <summary>The verdict while the instance leaves.</summary>
    public static Verdict Draining { get; } = new(HealthState.Draining, Reason.Draining, null, [], null);

    /// <summary>The verdict when no evaluation young enough could be had.</summary>
    public static Verdict Stale { get; } = new(HealthState.NotReady, Reason.Stale, null, ImmutableArray<CheckReport>.Empty, null);
}
