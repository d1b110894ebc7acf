using Candor.Testing.Servers;

namespace Candor.Health.Tests.Orders;

/// <summary>A PostgreSQL, a Redis and a RabbitMQ for Orders. Tests that share them run one after another.</summary>
public sealed class OrdersServers : IAsyncLifetime
{
    /// <summary>The database server.</summary>
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>The cache server.</summary>
    public RedisServer Redis { get; private set; } = null!;

    /// <summary>The queue server.</summary>
    public RabbitMqServer RabbitMq { get; private set; } = null!;

    /// <summary>Connection strings by dependency: straight to the servers, or to the port of a proxy.</summary>
    public Dictionary<string, string> Connections(string name, int? database = null, int? cache = null, int? queue = null) => new()
    {
        [OrdersContract.Database] = Postgres.ConnectionString(name, database),
        [OrdersContract.Cache] = Redis.ConnectionString(cache),
        [OrdersContract.Queue] = RabbitMq.ConnectionString(queue),
    };

    /// <inheritdoc />
    public async Task InitializeAsync() => await Task.WhenAll(
        Task.Run(async () => Postgres = await PostgresServer.StartAsync()),
        Task.Run(async () => Redis = await RedisServer.StartAsync()),
        Task.Run(async () => RabbitMq = await RabbitMqServer.StartAsync()));

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await RabbitMq.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}

/// <summary>The tests of Orders itself.</summary>
[CollectionDefinition(Name)]
public sealed class OrdersTests : ICollectionFixture<OrdersServers>
{
    /// <summary>Its name.</summary>
    public const string Name = "orders";
}
