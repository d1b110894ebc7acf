using System.Collections.Immutable;
using Candor.Contract;
using Candor.Contract.Metrics;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Evaluation;
using Candor.Health.Operations;
using Candor.Health.Serving;
using Candor.Health.State;
using Candor.Health.Watchdog;

namespace Candor.Health.Management;

/// <summary>What each metric of the list is now.</summary>
internal sealed class MetricSamples(
    ContractEnvironment environment,
    HealthService health,
    SharedEvaluation evaluations,
    LivenessVerdict liveness,
    RequestLedger requests,
    ProbeAnswers answers,
    DrainState drain,
    PoolHeartbeat heartbeat,
    CanaryRecord canary,
    OperationRegistry operations,
    IEnumerable<IPoolStatistics> pools,
    IEnumerable<IDependencyBreaker> breakers)
{
    private readonly string _hash = environment.Hash;

    /// <summary>The samples of <paramref name="metric"/>: values of its labels, and the number.</summary>
    /// <exception cref="InvalidOperationException">The metric is in the list but is not measured.</exception>
    public IEnumerable<(IReadOnlyList<string> Labels, double Value)> Of(Metric metric) => metric switch
    {
        _ when metric == MetricNames.HttpRequests => Enumerable.Range(1, 5).Select(number => One(requests.Answered(number), $"{number}xx")),
        _ when metric == MetricNames.HttpRequestsInFlight => [One(requests.InFlight)],
        _ when metric == MetricNames.HttpRequestsStuck => [One(requests.Stuck)],
        _ when metric == MetricNames.HealthState => States(),
        _ when metric == MetricNames.HealthReady => [One(health.LastKnown(Scope.Full).Ready)],
        _ when metric == MetricNames.Liveness => [One(liveness.Alive)],
        _ when metric == MetricNames.Evaluations => [One(evaluations.Count)],
        _ when metric == MetricNames.EvaluationDuration => [One(evaluations.Latest?.Duration.TotalSeconds ?? 0)],
        _ when metric == MetricNames.CheckStatus => Checks().Select(check => One(Grade(check.Outcome), check.Name)),
        _ when metric == MetricNames.CheckFailing => Checks().Where(check => check.Reason != Reason.None).Select(check => One(1, check.Name, check.Reason.Text()!)),
        _ when metric == MetricNames.CheckDuration => Checks().Select(check => One(check.Duration.TotalSeconds, check.Name)),
        _ when metric == MetricNames.ProbeAnswers => answers.All.Select(answer => One(answer.Count, PathName(answer.Path), Number(answer.Code))),
        _ when metric == MetricNames.PoolInUse => pools.Select(pool => One(pool.Read().InUse, pool.Dependency)),
        _ when metric == MetricNames.PoolMaximum => pools.Select(pool => One(pool.Read().Maximum, pool.Dependency)),
        _ when metric == MetricNames.PoolWaiting => pools.Select(pool => One(pool.Read().Waiting, pool.Dependency)),
        _ when metric == MetricNames.BreakerState => breakers.GroupBy(breaker => breaker.Dependency, StringComparer.Ordinal)
            .Select(kinds => One(kinds.Max(breaker => Level(breaker.State)), kinds.Key)),
        _ when metric == MetricNames.DrainingSince => [One(drain.Since?.ToUnixTimeSeconds() ?? 0)],
        _ when metric == MetricNames.ThreadPoolDelay => [One(heartbeat.Delay.TotalSeconds)],
        _ when metric == MetricNames.Canaries => [One(canary.Passed, "passed"), One(canary.Failed, "failed")],
        _ when metric == MetricNames.OperationStatus => Operations().Where(operation => operation.Status != OperationStatus.Unknown).Select(operation => One(Grade(operation.Status), operation.Name)),
        _ when metric == MetricNames.OperationFailing => Operations().Where(operation => operation.Status >= OperationStatus.Slow).Select(operation => One(1, operation.Name, (operation.Cause?.Reason ?? Reason.ErrorRatio).Text()!)),
        _ when metric == MetricNames.OperationFailedShare => Operations().Select(operation => One(operation.Share, operation.Name)),
        _ when metric == MetricNames.OperationOldestAge => Operations().Where(operation => operation.OldestAge is not null).Select(operation => One(operation.OldestAge!.Value.TotalSeconds, operation.Name)),
        _ when metric == MetricNames.OperationRequests => operations.Routes.Append(operations.Unmatched).SelectMany(operation => Outcomes.Select(outcome => One(operation.Answered(outcome.Outcome), operation.Name, outcome.Text))),
        _ when metric == MetricNames.ContractInfo => [One(1, _hash)],
        _ => throw new InvalidOperationException($"{metric.Name} is in the list of metrics but is not measured."),
    };

    private static readonly (RequestOutcome Outcome, string Text)[] Outcomes =
        [(RequestOutcome.Served, "served"), (RequestOutcome.Failed, "failed"), (RequestOutcome.Shed, "shed"), (RequestOutcome.Ignored, "ignored")];

    private ImmutableArray<OperationReport> Operations() => health.LastKnown(Scope.Full).Operations;

    private static double Grade(OperationStatus status) => status switch
    {
        OperationStatus.Healthy => 1,
        OperationStatus.Failing => 0,
        _ => 0.5,
    };

    private ImmutableArray<CheckReport> Checks() => evaluations.Latest?.Checks ?? [];

    private IEnumerable<(IReadOnlyList<string>, double)> States()
    {
        var now = health.LastKnown(Scope.Full).State;
        return Enum.GetValues<HealthState>().Select(state => One(state == now, state.Text()));
    }

    private static double Level(BreakerState state) => state switch
    {
        BreakerState.Closed => 0,
        BreakerState.HalfOpen => 1,
        BreakerState.Open => 2,
        _ => 3,
    };

    private static double Grade(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Healthy => 1,
        CheckOutcome.Unhealthy => 0,
        _ => 0.5,
    };

    private static string PathName(HealthPath path) => path switch
    {
        HealthPath.Liveness => "liveness",
        HealthPath.Readiness => "readiness",
        _ => "startup",
    };

    private static string Number(int code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static (IReadOnlyList<string>, double) One(bool value, params string[] labels) => (labels, value ? 1 : 0);

    private static (IReadOnlyList<string>, double) One(double value, params string[] labels) => (labels, value);
}
