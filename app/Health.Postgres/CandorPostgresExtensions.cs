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
}
