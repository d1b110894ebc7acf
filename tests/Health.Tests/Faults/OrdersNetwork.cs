using Candor.Contract;
using Candor.Health.Tests.Orders;
using Candor.Testing.Network;

namespace Candor.Health.Tests.Faults;

/// <summary>A database of its own and a network that can fail between Orders and each of its dependencies.</summary>
public sealed class OrdersNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly OrdersServers _servers;

    private OrdersNetwork(OrdersServers servers, string name)
    {
        _servers = servers;
        Name = name;
        Database = TcpProxy.Start(servers.Postgres.Port);
        Cache = TcpProxy.Start(servers.Redis.Port);
        Queue = TcpProxy.Start(servers.RabbitMq.Port);
    }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>The way to the database.</summary>
    public TcpProxy Database { get; }

    /// <summary>The way to the cache.</summary>
    public TcpProxy Cache { get; }

    /// <summary>The way to the queue.</summary>
    public TcpProxy Queue { get; }

    /// <summary>Creates the database and the ways.</summary>
    public static async Task<OrdersNetwork> CreateAsync(OrdersServers servers) => new(servers, await servers.Postgres.CreateDatabaseAsync());

    /// <summary>Connection strings that go these ways.</summary>
    public Dictionary<string, string> Connections() => _servers.Connections(Name, Database.Port, Cache.Port, Queue.Port);

    /// <summary>Starts Orders and waits until it is ready.</summary>
    public async Task<OrdersProcess> StartAsync(
        IReadOnlyDictionary<string, string>? connections = null,
        Func<HealthContract, HealthContract>? change = null,
        IReadOnlyDictionary<string, string>? more = null)
    {
        var contract = OrdersProcess.OnFreePorts();
        // Also how long a breaker stays open: recoveries need not take longer than the faults.
        contract = contract with { Watchdog = contract.Watchdog with { ReadmissionDelay = TimeSpan.FromSeconds(1) } };
        var orders = OrdersProcess.Start(change?.Invoke(contract) ?? contract, connections ?? Connections(), more);
        await orders.ReadyAsync();
        return orders;
    }

    /// <summary>Waits until a condition holds in the database.</summary>
    public async Task UntilAsync(string condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await _servers.Postgres.ScalarAsync<bool>(condition, Name))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Not so in time: {condition}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Cache.DisposeAsync();
        await Queue.DisposeAsync();
    }
}

/// <summary>The faults around Orders.</summary>
[CollectionDefinition(Name)]
public sealed class FaultTests : ICollectionFixture<OrdersServers>
{
    /// <summary>Its name.</summary>
    public const string Name = "faults";
}
