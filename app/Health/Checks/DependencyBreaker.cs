using Polly;
using Polly.CircuitBreaker;

namespace Candor.Health;

/// <summary>The circuit breaker that guards the app's calls to a dependency. Register with <c>services.AddDependencyBreaker</c>.</summary>
/// <param name="Dependency">The dependency's name in the contract.</param>
/// <param name="State">The breaker's state, as Polly tells it.</param>
/// <param name="Pipeline">The pipeline with the breaker in it; the check goes through it while the breaker is not closed.</param>
public sealed record DependencyBreaker(string Dependency, CircuitBreakerStateProvider State, ResiliencePipeline Pipeline)
{
    internal int Level => State.CircuitState switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        CircuitState.Open => 2,
        _ => 3,
    };
}
