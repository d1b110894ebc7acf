using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Names;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>PostgreSQL, checked through the app's own pool.</summary>
internal sealed class PostgresKind : IDependencyKind
{
    public string Kind => DependencyKind.Postgres;

    public IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services)
    {
        var source = Connection.Find<NpgsqlDataSource>(
            services,
            dependency,
            "services.AddSingleton(_ => NpgsqlDataSource.Create(...)), and with Entity Framework Core give the same one to UseNpgsql");
        return new PostgresCheck(
            source,
            new(dependency.Name, source, services.GetKeyedService<PoolQueue>(dependency.Name)?.Waiting),
            dependency.Timeout,
            services.GetRequiredService<HealthContract>().Watchdog.PoolWait,
            services.GetRequiredService<HostLookup>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<PostgresCheck>>());
    }
}
