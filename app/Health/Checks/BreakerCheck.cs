using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>
/// Looks at the dependency's circuit breaker before the dependency. While it is open the check goes through the breaker's own
/// pipeline: health holds no second opinion, and the check is the trial that closes the breaker when no traffic comes to do so.
/// While it is closed the check goes past it, so that successful checks do not dilute the failures of real calls.
/// </summary>
internal sealed class BreakerCheck(IHealthCheck inner, IDependencyBreaker breaker) : IHealthCheck, ITimeoutDiagnostics
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (breaker.State == BreakerState.Closed)
        {
            return await inner.CheckHealthAsync(context, cancellationToken).ConfigureAwait(false);
        }

        HealthCheckResult result = default;
        var called = await breaker.TryAsync(async token =>
        {
            result = await inner.CheckHealthAsync(context, token).ConfigureAwait(false);
            return result.Status == HealthStatus.Healthy;
        }, cancellationToken).ConfigureAwait(false);
        return called ? result : CheckResults.Failed(context, Reason.CircuitOpen, Detail());
    }

    public (Reason Reason, string Detail) ExplainTimeout() =>
        inner is ITimeoutDiagnostics diagnostics ? diagnostics.ExplainTimeout() : (Reason.TimedOut, "no answer within its deadline");

    private string Detail() => breaker.OpenedBy is { } cause ? $"the circuit breaker is open, opened by: {cause}" : "the circuit breaker is open";
}
