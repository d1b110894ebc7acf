using System.Globalization;
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
        services.AddCandorPostgres();
        services.AddGuards(
            settings.Contract,
            OrdersContract.Database,
            DatabaseFailures.Instance,
            WorkKind.Read.TriedBy((provider, token) => provider.GetRequiredService<OrderStore>().TryReadAsync(token)),
            WorkKind.Write.TriedBy((provider, token) => provider.GetRequiredService<OrderStore>().TryWriteAsync(token)),
            WorkKind.Background.TriedBy((provider, token) => provider.GetRequiredService<Outbox>().TryAsync(token)));
        ReserveThreads(settings.DatabaseConnections);
        services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        services.AddSingleton(provider => new ConnectionGate(
            connection.MaxPoolSize, settings.Contract.Watchdog.PoolWait, provider.GetRequiredService<TimeProvider>()));
        services.AddPostgresPoolQueue(OrdersContract.Database, provider => () => provider.GetRequiredService<ConnectionGate>().Waiting);
        services.AddSingleton(provider => new Database(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<ConnectionGate>(),
            kind => provider.Guard(OrdersContract.Database, kind),
            settings.Contract,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<OrderStore>();
        services.AddSingleton<Schema>();
        services.AddSingleton<SchemaStartup>();
        services.AddStartupTask(
            SchemaStartup.Name, (provider, _) => provider.GetRequiredService<SchemaStartup>().RunAsync(), SchemaStartup.Pause);
    }

    // The driver cancels an abandoned statement on a connection of its own, and waits for that synchronously: on a slow network each holds
    // a thread of the pool, and with one or two processors nothing else would be served until the pool has grown.
    private static void ReserveThreads(int connections)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, connections + Environment.ProcessorCount), ports);
    }

    /// <summary>
    /// The configured connection string with the contract's numbers in it: the deadline, so that the driver lets go when we do, and the
    /// server a little before, which then says what held it up; and the most connections that this instance may open.
    /// </summary>
    private static NpgsqlConnectionStringBuilder ConnectionString(OrdersSettings settings)
    {
        var timeout = settings.Contract.Timeout(OrdersContract.Database);
        var seconds = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds));
        return new(settings.Database.ConnectionString)
        {
            ApplicationName = "orders",
            Timeout = seconds,
            CommandTimeout = seconds,
            // Abandoned work must not wait for a server that does not answer; the connection is closed instead.
            CancellationTimeout = -1,
            MaxPoolSize = settings.DatabaseConnections,
            Options = ServerOptions(settings.Database.Options, timeout),
            // An idle connection that a firewall has forgotten is closed by the system within seconds, not at its next use.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 2,
            TcpKeepAliveInterval = 1,
        };
    }

    // Limits of the session, which a reset between two uses keeps. What the operator has set stays.
    private static string ServerOptions(string? given, TimeSpan timeout)
    {
        (string Name, TimeSpan Value)[] limits =
        [
            ("lock_timeout", timeout * 0.7),
            ("statement_timeout", timeout * 0.85),
            // A process that is stopped in the middle of a transaction must not keep its locks for ever.
            ("idle_in_transaction_session_timeout", timeout * 10),
        ];
        var ours = limits.Where(limit => given?.Contains(limit.Name, StringComparison.OrdinalIgnoreCase) != true)
            .Select(limit => string.Create(
                CultureInfo.InvariantCulture, $"-c {limit.Name}={Math.Max(1, (int)limit.Value.TotalMilliseconds)}"));
        return string.Join(' ', ours.Prepend(given).Where(text => !string.IsNullOrEmpty(text)));
    }
}
