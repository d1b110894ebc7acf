using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Postgres;

/// <summary>Adds the check for PostgreSQL.</summary>
public static class CandorPostgresExtensions
{
    /// <summary>
    /// Checks dependencies of kind <c>postgres</c> through the app's own pool: the registered <c>NpgsqlDataSource</c>, keyed with the
    /// dependency's name or not keyed.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCandorPostgres(this IServiceCollection services) =>
        services.AddDependencyKind<PostgresKind>().AddFailureClassifier<PostgresFailures>();

    /// <summary>
    /// Counts callers that wait for a connection in front of the pool, at a limiter of the app's own, among those that wait for the pool:
    /// the driver knows nothing of them.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="waiting">Gives how many wait now; called with every look at the pool, and must not block.</param>
    public static IServiceCollection AddPostgresPoolQueue(
        this IServiceCollection services, string dependency, Func<IServiceProvider, Func<int>> waiting) =>
        services.AddCandorPostgres().AddKeyedSingleton(dependency, (provider, _) => new PoolQueue(waiting(provider)));
}

/// <summary>Callers that wait in front of a pool.</summary>
/// <param name="Waiting">How many wait now.</param>
internal sealed record PoolQueue(Func<int> Waiting);
