using System.Net;
using Candor.Contract;
using Candor.Testing.Servers;

namespace Candor.Health.Tests.Orders;

/// <summary>One running Orders service and its database, shared by the tests of its interface.</summary>
public sealed class OrdersFixture : IAsyncLifetime
{
    /// <summary>The database server.</summary>
    public PostgresServer Postgres { get; private set; } = null!;

    /// <summary>The database of the service.</summary>
    public string Database { get; private set; } = null!;

    /// <summary>The service.</summary>
    public OrdersProcess Orders { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Database = await Postgres.CreateDatabaseAsync();
        Orders = OrdersProcess.Start(
            OrdersProcess.OnFreePorts(), new Dictionary<string, string> { [OrdersContract.Database] = Postgres.ConnectionString(Database) });
        await Orders.UntilAsync("/orders?limit=1", HttpStatusCode.OK);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Orders.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
