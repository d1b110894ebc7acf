using System.Collections.Immutable;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Health.Operations;

namespace Candor.Health.State;

/// <summary>Which of the two questions is asked.</summary>
internal enum Scope
{
    /// <summary>Should this instance get traffic?</summary>
    Full,

    /// <summary>The same, whatever happens to what all instances share (<c>?scope=local</c>).</summary>
    Local,
}

/// <summary>
/// Turns the checks' results, and users' results of the operations, into a verdict by the contract's routing policy. The reason is the root: what this process lacks before what it dials,
/// what it dials before what users meet.
/// </summary>
internal static class Judge
{
    /// <summary>The signal of stuck requests: when a shared dependency fails it shows that failure, not one of this instance.</summary>
    private const string FromTraffic = "requests";

    private static readonly ILookup<string, string> Nobody = Array.Empty<string>().ToLookup(name => name, StringComparer.Ordinal);

    public static Verdict Of(EvaluationResult evaluation, RoutingPolicy routing, Scope scope) => Of(evaluation, [], Nobody, routing, scope, TimeSpan.Zero);

    /// <param name="evaluation">The checks' results.</param>
    /// <param name="operations">How users fare.</param>
    /// <param name="dependencies">The contract's operations that use a dependency, by its name.</param>
    /// <param name="routing">What a shared failure does.</param>
    /// <param name="scope">Which question is asked.</param>
    /// <param name="recent">How long ago a result still counts.</param>
    public static Verdict Of(
        EvaluationResult evaluation,
        ImmutableArray<OperationReport> operations,
        ILookup<string, string> dependencies,
        RoutingPolicy routing,
        Scope scope,
        TimeSpan recent) => new Case(evaluation, operations, dependencies, routing, scope, recent).Decide();

    /// <summary>The verdict before start-up has ended: each open task stands among the checks.</summary>
    public static Verdict Starting(IReadOnlyList<(string Name, string? Failure)> open)
    {
        var checks = open.Select(task => new CheckReport(task.Name, CheckOutcome.Unhealthy, Reason.Starting, DependencyScope.Local, TimeSpan.Zero, task.Failure ?? "runs", []));
        return new(HealthState.Starting, Reason.Starting, open.Count > 0 ? open[0].Name : null, [.. checks], null) { RootCause = Reason.Starting.Text() };
    }

    /// <summary>The verdict while the instance leaves.</summary>
    public static Verdict Draining { get; } = new(HealthState.Draining, Reason.Draining, null, [], null) { RootCause = Reason.Draining.Text() };

    /// <summary>The verdict when no evaluation young enough could be had.</summary>
    public static Verdict Stale { get; } = new(HealthState.NotReady, Reason.Stale, null, ImmutableArray<CheckReport>.Empty, null) { RootCause = Reason.Stale.Text() };

    private sealed class Case(
        EvaluationResult evaluation, ImmutableArray<OperationReport> operations, ILookup<string, string> users, RoutingPolicy routing, Scope scope, TimeSpan recent)
    {
        private readonly bool _sharedFailure = evaluation.Checks.Any(check => check is { Outcome: CheckOutcome.Unhealthy, IsLocal: false });
        private readonly bool _spared = scope == Scope.Local || routing.OnSharedFailure == SharedFailure.Report;

        public Verdict Decide()
        {
            var failed = evaluation.Checks.Where(check => check.Outcome == CheckOutcome.Unhealthy).ToList();
            var local = failed.Where(check => IsLocal(check) && !IsContradicted(check)).OrderBy(check => IsProcess(check) ? 0 : 1).FirstOrDefault();
            var operation = _spared ? null : operations.FirstOrDefault(operation => operation is { Critical: true, Status: OperationStatus.Failing });
            if (local is not null && !IsDependency(local))
            {
                return By(HealthState.NotReady, local, local.Name == FromTraffic ? operation : null);
            }

            if (evaluation.Late)
            {
                // Short of processor, though not yet starved: that is why the round was late.
                return evaluation.Checks.FirstOrDefault(check => check.Reason == Reason.Processor) is { } starving
                    ? By(HealthState.NotReady, starving)
                    : Make(HealthState.NotReady, Reason.Unknown, null, Reason.Unknown.Text());
            }

            var check = local ?? failed.FirstOrDefault(check => !IsLocal(check) && !_spared && !IsContradicted(check));
            return check is not null || operation is not null ? By(HealthState.NotReady, check, operation) : Degraded(failed);
        }

        private Verdict Degraded(List<CheckReport> failed)
        {
            var check = failed.FirstOrDefault() ?? evaluation.Checks.FirstOrDefault(check => check.Outcome != CheckOutcome.Healthy);
            var operation = operations.Where(operation => operation.Status >= OperationStatus.Slow).MaxBy(operation => operation.Status);
            return check is not null || operation is not null
                ? By(HealthState.Degraded, check, operation)
                : Make(HealthState.Ready, Reason.None, null, null);
        }

        private Verdict By(HealthState state, CheckReport? check, OperationReport? operation = null)
        {
            // A code is more precise than a check that fails to connect.
            if (operation?.Cause is { } cause && (check is null || (cause.Code is not null && check.Cause?.Code is null && (cause.Dependency is null || cause.Dependency == check.Name || check.Name == FromTraffic))))
            {
                return Make(state, cause.Reason, operation.Name, $"{operation.Name}: {cause}");
            }

            return check is not null ? Make(state, check.Reason, check.Name, check.CauseText) : Make(state, Reason.ErrorRatio, operation!.Name, operation.Name);
        }

        private Verdict Make(HealthState state, Reason reason, string? name, string? rootCause) =>
            new(state, reason, name, evaluation.Checks, evaluation.CompletedAt) { Operations = operations, RootCause = rootCause };

        private bool IsLocal(CheckReport check) => check.IsLocal && !(_sharedFailure && check.Name == FromTraffic);

        private static bool IsProcess(CheckReport check) => check.Reason is Reason.Processor or Reason.Memory or Reason.Descriptors or Reason.Disk;

        private static bool IsDependency(CheckReport check) => check.Scope != DependencyScope.Local;

        // What users get decides. A check that fails while requests that need the same dependency are served is no reason to send them away; and a pool of which every
        // connection is in use, while they come back, is overload: the next instance would get the load and follow.
        private bool IsContradicted(CheckReport check)
        {
            var own = operations.Where(operation => users[check.Name].Contains(operation.Name)).ToList();
            if (check.Reason == Reason.PoolSaturated)
            {
                return (own.Count > 0 ? own : [.. operations]).Any(operation => operation.SinceServed < recent);
            }

            return IsDependency(check)
                && own.Any(operation => operation.SinceServed < recent)
                && own.All(operation => operation.Status is not (OperationStatus.Failing or OperationStatus.Degraded) && !(operation.SinceFailed < recent));
        }
    }
}
