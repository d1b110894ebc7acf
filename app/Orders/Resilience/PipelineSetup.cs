using Candor.Contract;
using Candor.Health;
using Polly;
using Polly.CircuitBreaker;

namespace Candor.Orders.Resilience;

/// <summary>Registers a dependency's pipeline, and its breaker's state for health, both under the dependency's name.</summary>
public static class PipelineSetup
{
    /// <summary>Adds both.</summary>
    public static void AddPipeline(this IServiceCollection services, HealthContract contract, string dependency, Func<Exception, bool> isOutage)
    {
        services.AddFailureClassifier<PollyFailures>();
        services.AddKeyedSingleton(dependency, (_, _) => new CircuitBreakerStateProvider());
        services.AddKeyedSingleton(dependency, (provider, _) => Pipelines.For(
            contract,
            dependency,
            isOutage,
            provider.GetRequiredKeyedService<CircuitBreakerStateProvider>(dependency),
            provider.GetRequiredService<TimeProvider>()));
        services.AddDependencyBreaker(provider => new PollyBreaker(
            dependency, provider.GetRequiredKeyedService<CircuitBreakerStateProvider>(dependency), provider.Pipeline(dependency)));
    }

    /// <summary>The pipeline of a dependency.</summary>
    public static ResiliencePipeline Pipeline(this IServiceProvider provider, string dependency) =>
        provider.GetRequiredKeyedService<ResiliencePipeline>(dependency);

    /// <summary>The contract's timeout of a dependency.</summary>
    public static TimeSpan Timeout(this HealthContract contract, string dependency) =>
        contract.Dependencies.Single(d => d.Name == dependency).Timeout;
}
