using System.Net;

namespace Candor.Health.Tests.Orders;

/// <summary>One running Orders service with everything it needs, shared by the tests of its interface.</summary>
public sealed class OrdersFixture(OrdersServers servers) : IAsyncLifetime
{
    /// <summary>The database of the service.</summary>
    public string Database { get; private set; } = null!;

    /// <summary>The service.</summary>
    public OrdersProcess Orders { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Database = await servers.Postgres.CreateDatabaseAsync();
        Orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(Database));
        await Orders.UntilAsync("/health", HttpStatusCode.OK);
    }

    /// <inheritdoc />
    public async Task DisposeAsync() => await Orders.DisposeAsync();
}
