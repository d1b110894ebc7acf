using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;

namespace Candor.Health;

/// <summary>Tells health where the app's own connections are, by the dependency's name in the contract.</summary>
/// <remarks>A PostgreSQL dependency needs none of these: its check uses the registered <c>NpgsqlDataSource</c>, keyed by the name or not keyed.</remarks>
public static class DependencyExtensions
{
    /// <summary>Reads health of the dependency through its circuit breaker, too.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="state">The state provider given to the breaker's options.</param>
    /// <param name="pipeline">The pipeline that the breaker is in.</param>
    public static IServiceCollection AddDependencyBreaker(
        this IServiceCollection services, string dependency, CircuitBreakerStateProvider state, ResiliencePipeline pipeline) =>
        services.AddSingleton(new DependencyBreaker(dependency, state, pipeline));

    /// <summary>The same, when the breaker is made by a service.</summary>
    public static IServiceCollection AddDependencyBreaker(this IServiceCollection services, Func<IServiceProvider, DependencyBreaker> breaker) =>
        services.AddSingleton(breaker);

    /// <summary>The app's own Redis connection.</summary>
    public static IServiceCollection AddRedisSource(this IServiceCollection services, string dependency, Func<IServiceProvider, RedisSource> source) =>
        services.AddKeyedSingleton(dependency, (provider, _) => source(provider));

    /// <summary>The app's own RabbitMQ connection, and the queue whose backlog matters.</summary>
    public static IServiceCollection AddRabbitMqSource(this IServiceCollection services, string dependency, Func<IServiceProvider, RabbitMqSource> source) =>
        services.AddKeyedSingleton(dependency, (provider, _) => source(provider));

    /// <summary>What to ask of an HTTP dependency.</summary>
    public static IServiceCollection AddHttpSource(this IServiceCollection services, string dependency, Func<IServiceProvider, HttpSource> source) =>
        services.AddKeyedSingleton(dependency, (provider, _) => source(provider));
}
