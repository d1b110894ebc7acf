using Candor.Contract;
using Candor.Health;
using Candor.Health.Postgres;
using Candor.Orders.Configuration;
using Candor.Orders.Resilience;
using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>Puts the database together: one data source for the whole process.</summary>
public static class DatabaseSetup
{
    /// <summary>Adds the pool, its gate, its pipeline, and the stores on top of them.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder, OrdersSettings settings)
    {
        var connection = ConnectionString(settings);
        var services = builder.Services;
        services.AddPipeline(settings.Contract, OrdersContract.Database, DatabaseOutage.Is);
        services.AddCandorPostgres();
        services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services.AddSingleton(provider => new Database(
            provider.GetRequiredService<NpgsqlDataSource>(),
            new ConnectionGate(
                connection.MaxPoolSize, settings.Contract.Watchdog.PoolWait, provider.GetRequiredService<TimeProvider>()),
            provider.Pipeline(OrdersContract.Database)));
        services.AddSingleton<OrderStore>();
        services.AddSingleton<Schema>();
        services.AddSingleton<SchemaStartup>();
        services.AddStartupTask(
            SchemaStartup.Name, (provider, _) => provider.GetRequiredService<SchemaStartup>().RunAsync(), SchemaStartup.Pause);
    }

    /// <summary>The configured connection string with the contract's deadline in it, so that the driver lets go when we do.</summary>
    private static NpgsqlConnectionStringBuilder ConnectionString(OrdersSettings settings)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(settings.Contract.Timeout(OrdersContract.Database).TotalSeconds));
        return new(settings.Database.ConnectionString)
        {
            ApplicationName = "orders",
            Timeout = seconds,
            CommandTimeout = seconds,
            // Abandoned work must not wait for a server that does not answer; the connection is closed instead.
            CancellationTimeout = -1,
            MaxPoolSize = settings.DatabaseConnections,
        };
    }
}
