using Candor.Health;
using Candor.Health.Postgres;
using Candor.Health.RabbitMq;
using Candor.Health.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Candor.SampleApp.Orders;

/// <summary>
/// The reference service's operations, written as a service is that nobody wrote for health: no deadlines of its own, no breaker, the
/// drivers' defaults. <c>candor chaos</c> makes an app's own mistakes in it by switches, with Candor's health or the framework's.
/// </summary>
internal static class OrdersSample
{
    /// <summary>The environment variable that chooses: <c>candor</c> or <c>builtin</c>.</summary>
    public const string HealthVariable = "SAMPLE_HEALTH";

    public static WebApplication Build(string[] args, string health)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var switches = Switches.FromEnvironment();
        builder.Services.AddSingleton(switches);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Connection(builder, OrdersContract.Database)) { MaxPoolSize = 20 }));
        builder.Services.AddSingleton(new CacheClient(Connection(builder, OrdersContract.Cache)));
        builder.Services.AddSingleton(new QueueClient(new(Connection(builder, OrdersContract.Queue))));
        builder.Services.AddSingleton<OrderTable>();
        builder.Services.AddHostedService<OrderWorker>();
        builder.Services.AddExceptionHandler(options => options.ExceptionHandler = context =>
        {
            context.Response.StatusCode = Microsoft.AspNetCore.Http.StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        var checks = builder.Services.AddHealthChecks();
        checks.AddAsyncCheck("hanging", async _ =>
        {
            // Without a look at the token, as the switch has it.
            await switches.WhileOnAsync(Switches.HangCheck);
            return HealthCheckResult.Healthy();
        });
        var contract = OrdersContract.Default;
        if (health == "candor")
        {
            builder.Services.AddCandorPostgres();
            builder.Services.AddRedisSource(
                OrdersContract.Cache, provider => new(async _ => await provider.GetRequiredService<CacheClient>().OpenAsync()));
            builder.Services.AddRabbitMqSource(
                OrdersContract.Queue,
                provider => new(async token => await provider.GetRequiredService<QueueClient>().OpenAsync(token), OrderWorker.Queue));
            builder.AddCandor(contract);
        }
        else
        {
            AddUsualChecks(checks);
            builder.WebHost.UseUrls($"http://{Environment.GetEnvironmentVariable("CANDOR_BIND") ?? "0.0.0.0"}:{contract.Port}");
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseMiddleware<SwitchMiddleware>();
        if (health == "candor")
        {
            app.MapCandor();
        }
        else
        {
            // As its documentation has it: readiness runs every check, liveness none.
            app.MapHealthChecks(contract.Paths.Readiness);
            app.MapHealthChecks(contract.Paths.Liveness, new() { Predicate = _ => false });
            app.MapHealthChecks(contract.Paths.Startup, new() { Predicate = _ => false });
        }

        app.MapOrders();
        return app;
    }

    /// <summary>What the usual packages check, with their defaults.</summary>
    private static void AddUsualChecks(IHealthChecksBuilder checks)
    {
        checks.Add(Check(OrdersContract.Database, async (provider, token) =>
        {
            await using var command = provider.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(token);
        }));
        checks.Add(Check(
            OrdersContract.Cache,
            async (provider, _) => await (await provider.GetRequiredService<CacheClient>().OpenAsync()).GetDatabase().PingAsync()));
        checks.Add(Check(OrdersContract.Queue, async (provider, token) =>
        {
            var connection = await provider.GetRequiredService<QueueClient>().OpenAsync(token);
            await using var channel = await connection.CreateChannelAsync(null, token);
        }));
        checks.AddCheck("disk", () =>
        {
            var disk = new DriveInfo(Environment.GetEnvironmentVariable("CANDOR_DISK") ?? Path.GetTempPath());
            return (double)disk.AvailableFreeSpace / disk.TotalSize < 0.05 ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy();
        });
    }

    private static HealthCheckRegistration Check(string name, Func<IServiceProvider, CancellationToken, Task> ask) =>
        new(name, provider => new AskCheck(token => ask(provider, token)), null, null);

    private static string Connection(WebApplicationBuilder builder, string name) =>
        builder.Configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings__{name} is not set.");

    private sealed class AskCheck(Func<CancellationToken, Task> ask) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await ask(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}

/// <summary>The one Redis connection, opened when it is first needed.</summary>
internal sealed class CacheClient(string configuration)
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection = new(() =>
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        return ConnectionMultiplexer.ConnectAsync(options);
    });

    public Task<ConnectionMultiplexer> OpenAsync() => _connection.Value;
}

/// <summary>The one RabbitMQ connection; the client's own recovery brings it back.</summary>
internal sealed class QueueClient(Uri uri) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IConnection? _connection;

    public async Task<IConnection> OpenAsync(CancellationToken token)
    {
        if (_connection is { } open)
        {
            return open;
        }

        await _turn.WaitAsync(token);
        try
        {
            return _connection ??= await new ConnectionFactory { Uri = uri }.CreateConnectionAsync(token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _connection?.Dispose();
    }
}
