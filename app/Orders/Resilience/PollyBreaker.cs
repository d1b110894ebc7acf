using Candor.Health.Checks;
using Polly;
using Polly.CircuitBreaker;

namespace Candor.Orders.Resilience;

/// <summary>A breaker of Polly's, as health reads it.</summary>
/// <param name="dependency">The dependency's name in the contract.</param>
/// <param name="state">The state provider given to the breaker's options.</param>
/// <param name="pipeline">The pipeline that the breaker is in.</param>
public sealed class PollyBreaker(string dependency, CircuitBreakerStateProvider state, ResiliencePipeline pipeline) : IDependencyBreaker
{
    /// <inheritdoc />
    public string Dependency => dependency;

    /// <inheritdoc />
    public BreakerState State => state.CircuitState switch
    {
        CircuitState.Closed => BreakerState.Closed,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        CircuitState.Open => BreakerState.Open,
        _ => BreakerState.Isolated,
    };

    /// <inheritdoc />
    public FailureCause? OpenedBy => null;

    /// <inheritdoc />
    public async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> trial, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.ExecuteAsync(async token =>
            {
                if (!await trial(token).ConfigureAwait(false))
                {
                    throw new TrialFailedException();
                }
            }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (BrokenCircuitException)
        {
            return false;
        }
        catch (TrialFailedException)
        {
            return true;
        }
    }
}

/// <summary>Tells the breaker that its trial failed; never leaves the pipeline.</summary>
internal sealed class TrialFailedException : Exception;
