using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>
/// The check of a dependency that circuit breakers guard. An open breaker is tried with work of its own kind, so that it closes when no traffic comes to do so; while it is closed
/// the check goes past it, so that successful checks do not dilute the failures of real calls. A breaker that stays open reports what opened it. While only some of the breakers
/// are open, what they guard is refused and the rest is served: degraded.
/// </summary>
internal sealed class BreakerCheck(IHealthCheck inner, IReadOnlyList<IDependencyBreaker> breakers) : IHealthCheck, ITimeoutDiagnostics
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var open = breakers.Where(breaker => breaker.State != BreakerState.Closed).ToList();
        if (open.Count == 0)
        {
            return await inner.CheckHealthAsync(context, cancellationToken).ConfigureAwait(false);
        }

        // Asked at most once: past the breakers while one of them is closed, else only when a breaker lets a trial through.
        var check = new Lazy<Task<HealthCheckResult>>(() => inner.CheckHealthAsync(context, cancellationToken));
        var tried = await Task.WhenAll(open.Select(breaker => TryAsync(breaker, check, cancellationToken))).ConfigureAwait(false);
        HealthCheckResult? result = open.Count < breakers.Count || check.IsValueCreated ? await check.Value.ConfigureAwait(false) : null;
        var still = breakers.Where(breaker => breaker.State != BreakerState.Closed).ToList();
        if (still.Count == 0)
        {
            return result ?? HealthCheckResult.Healthy();
        }

        var refusesReads = open.Where((breaker, index) => !tried[index] && breaker.State != BreakerState.Closed).Any(breaker => breaker.Work is "all" or "read");
        if (result is { Status: not HealthStatus.Healthy } failed && !refusesReads)
        {
            return failed;
        }

        var detail = $"the circuit breaker is open ({string.Join(", ", still.Select(breaker => breaker.Work))})";
        var refused = CheckResults.Failed(context, Reason.CircuitOpen, still.Select(RootCause.BehindOf).FirstOrDefault(behind => behind is not null) ?? Behind(result), detail);
        return still.Count == breakers.Count || result is { Status: not HealthStatus.Healthy } || context.Registration.FailureStatus != HealthStatus.Unhealthy
            ? refused
            : new(HealthStatus.Degraded, detail, null, refused.Data);
    }

    public (Reason Reason, string Detail) ExplainTimeout() =>
        inner is ITimeoutDiagnostics diagnostics ? diagnostics.ExplainTimeout() : (Reason.TimedOut, "no answer within its deadline");

    private static FailureCause? Behind(HealthCheckResult? result) => result is { Status: not HealthStatus.Healthy } failed
        ? CheckResults.CauseOf(failed) ?? new FailureCause(CheckResults.ReasonOf(failed))
        : null;

    // True when the breaker let the trial through.
    private static async Task<bool> TryAsync(IDependencyBreaker breaker, Lazy<Task<HealthCheckResult>> check, CancellationToken cancellationToken)
    {
        try
        {
            return await breaker.TryAsync(breaker.Trial ?? (async _ => (await check.Value.ConfigureAwait(false)).Status == HealthStatus.Healthy), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The trial failed, and the breaker stays open; it has the reason.
            return true;
        }
    }
}
