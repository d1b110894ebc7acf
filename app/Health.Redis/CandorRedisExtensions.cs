using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Candor.Health.Redis;

/// <summary>Adds the check for Redis.</summary>
public static class CandorRedisExtensions
{
    /// <summary>
    /// Checks dependencies of kind <c>redis</c> through the app's own connection: the registered <see cref="IConnectionMultiplexer"/>,
    /// keyed with the dependency's name or not keyed, or what <see cref="AddRedisSource"/> gives.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCandorRedis(this IServiceCollection services) =>
        services.AddDependencyKind<RedisKind>().AddFailureClassifier<RedisFailures>();

    /// <summary>The app's own Redis connection, where it is not a registered <see cref="IConnectionMultiplexer"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="source">Gives the connection.</param>
    public static IServiceCollection AddRedisSource(
        this IServiceCollection services, string dependency, Func<IServiceProvider, RedisSource> source) =>
        services.AddCandorRedis().AddKeyedSingleton(dependency, (provider, _) => source(provider));
}

/// <summary>Where the app's own Redis connection is. Not needed when an <see cref="IConnectionMultiplexer"/> is registered.</summary>
/// <param name="Connection">Gives the connection that handlers use; may connect, and may throw.</param>
/// <param name="KeyPrefix">
/// What the key begins with that the check writes, reads and lets expire; the app's user may write below it.
/// </param>
/// <param name="Failure">
/// What the app met of late that the check cannot, such as entries that it could not use; null when it met nothing.
/// </param>
public sealed record RedisSource(
    Func<CancellationToken, ValueTask<IConnectionMultiplexer>> Connection, string KeyPrefix = "candor:health:",
    Func<FailureCause?>? Failure = null);

/// <summary>Redis, checked through the app's own connection.</summary>
internal sealed class RedisKind : IDependencyKind
{
    public string Kind => DependencyKind.Redis;

    public IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services) => new RedisCheck(
        services.GetKeyedService<RedisSource>(dependency.Name)
        ?? Of(Connection.Find<IConnectionMultiplexer>(services, dependency, "services.AddRedisSource(...)")));

    private static RedisSource Of(IConnectionMultiplexer multiplexer) => new(_ => new(multiplexer));
}
