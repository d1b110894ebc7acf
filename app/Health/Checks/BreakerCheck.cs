using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;

namespace Candor.Health;

/// <summary>
/// Looks at the dependency's circuit breaker before the dependency. While it is open the check goes through the breaker's own
/// pipeline: health holds no second opinion, and the check is the trial that closes the breaker when no traffic comes to do so.
/// While it is closed the check goes past it, so that successful checks do not dilute the failures of real calls.
/// </summary>
internal sealed class BreakerCheck(IHealthCheck inner, DependencyBreaker breaker) : IHealthCheck, IExplainsWait
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (breaker.State.CircuitState == CircuitState.Closed)
        {
            return await inner.CheckHealthAsync(context, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await breaker.Pipeline.ExecuteAsync(async token =>
            {
                var result = await inner.CheckHealthAsync(context, token).ConfigureAwait(false);
                return result.Status == HealthStatus.Healthy ? result : throw new StillFailingException(result);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return CheckResults.Failed(context, Reason.CircuitOpen, "the circuit breaker is open");
        }
        catch (StillFailingException exception)
        {
            return exception.Result;
        }
    }

    public (Reason Reason, string Detail) ExplainWait() =>
        inner is IExplainsWait explains ? explains.ExplainWait() : (Reason.TimedOut, "no answer within its deadline");

    /// <summary>Tells the breaker that its trial failed; never leaves this class.</summary>
    private sealed class StillFailingException(HealthCheckResult result) : Exception
    {
        public HealthCheckResult Result { get; } = result;
    }
}
