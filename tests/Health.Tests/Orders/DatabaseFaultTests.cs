using System.Net;
using System.Net.Http.Json;
using Candor.Health.Tests.Faults;
using Candor.Testing.Network;
using Npgsql;

namespace Candor.Health.Tests.Orders;

/// <summary>What users of Orders get while its database refuses, locks, restarts or is forgotten by a firewall.</summary>
[Collection(OrdersTests.Name)]
public sealed class DatabaseFaultTests(OrdersServers servers)
{
    [Fact]
    public async Task F217_right_that_is_taken_away_is_answered_503_and_reads_go_on()
    {
        var (database, user) = await WithUserAsync();
        await using var orders = await StartAsync(database, user: user);
        await servers.Postgres.ExecuteAsync($"revoke insert on orders from {user}", database);

        using var refused = await PostAsync(orders);
        var failed = await orders.FailedOfAsync(20, "/orders?limit=1");
        await servers.Postgres.ExecuteAsync($"grant insert on orders to {user}", database);
        using var accepted = await PostAsync(orders);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(0, failed);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task F217_constraint_that_refuses_every_order_is_answered_500_without_the_servers_words_and_opens_no_breaker()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        await servers.Postgres.ExecuteAsync("alter table orders add constraint nothing_more check (quantity > 1000000) not valid", database);
        for (var i = 0; i < 20; i++)
        {
            using var refused = await PostAsync(orders);
            Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
            Assert.DoesNotContain("nothing_more", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await servers.Postgres.ExecuteAsync("alter table orders drop constraint nothing_more", database);
        using var accepted = await PostAsync(orders);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task F220_locked_table_is_answered_503_and_served_again_once_it_is_free()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        await using var other = new NpgsqlConnection(servers.Postgres.ConnectionString(database));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table orders in access exclusive mode", other, transaction);
        await command.ExecuteNonQueryAsync();

        using var refused = await PostAsync(orders);
        await transaction.RollbackAsync();
        using var accepted = await PostAsync(orders);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task F227_sessions_that_the_server_ends_cost_no_user_a_request()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => orders.FailedOfAsync(2, "/orders?limit=1")));
            await servers.Postgres.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'");

            Assert.Equal(0, await orders.FailedOfAsync(10, "/orders?limit=1"));
            using var accepted = await PostAsync(orders);
            Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        }
    }

    [Fact]
    public async Task N311_database_that_restarts_within_the_deadline_costs_no_user_a_request()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var proxy = TcpProxy.Start(servers.Postgres.Port);
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database, proxy.Port));
        await orders.ReadyAsync();
        for (var stop = 0; stop < 3; stop++)
        {
            proxy.Refuse();
            var reads = Enumerable.Range(0, 6).Select(_ => orders.FailedOfAsync(1, "/orders?limit=1")).ToArray();
            var write = PostAsync(orders);
            await Task.Delay(orders.Contract.Dependencies.Single(d => d.Name == "database").Timeout * 0.25, TimeProvider.System);
            proxy.Heal();

            Assert.Equal(0, (await Task.WhenAll(reads)).Sum());
            using var accepted = await write;
            Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        }
    }

    [Fact]
    public async Task F229_connections_that_a_firewall_has_forgotten_are_replaced_within_seconds()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var proxy = TcpProxy.Start(servers.Postgres.Port);
        await using var cache = TcpProxy.Start(servers.Redis.Port);
        await using var queue = TcpProxy.Start(servers.RabbitMq.Port);
        var contract = OrdersProcess.OnFreePorts();
        // A noisy machine is not a silent cache: at half a second one that is busy would open its breaker, and that is not what is tested here.
        contract = contract with { Dependencies = [.. contract.Dependencies.Select(d => d with { Timeout = contract.Budget.Deadline })] };
        await using var orders = OrdersProcess.Start(contract, servers.Connections(database, proxy.Port, cache.Port, queue.Port));
        await orders.ReadyAsync();
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => orders.FailedOfAsync(4, "/orders?limit=1")));
        proxy.Forget();
        cache.Forget();
        queue.Forget();

        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => orders.FailedOfAsync(1, "/orders?limit=1")));
        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);
        var recovered = TimeProvider.System.GetElapsedTime(started);
        using var accepted = await PostAsync(orders);
        await Hosting.Eventually.TrueAsync(
            () => servers.Postgres.ScalarAsync<bool>("select count(*) = 1 from orders where processed_at is not null", database), "the order is processed");

        Assert.Equal(0, await orders.FailedOfAsync(30, "/orders?limit=1"));
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        Assert.True(recovered < TimeSpan.FromSeconds(5) + HealthProbe.Room, $"It took {recovered}.");
    }

    [Fact]
    public async Task F227_three_outages_are_over_as_fast_as_one()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var proxy = TcpProxy.Start(servers.Postgres.Port);
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database, proxy.Port));
        await orders.ReadyAsync();
        for (var outage = 0; outage < 3; outage++)
        {
            proxy.Refuse();
            Assert.Equal(20, await orders.FailedOfAsync(20, "/orders?limit=1"));
            await orders.SaysAsync(answer => !answer.Ready, orders.OneEvaluation());
            proxy.Heal();

            var healed = TimeProvider.System.GetTimestamp();
            await Hosting.Eventually.TrueAsync(async () => await orders.FailedOfAsync(3, "/orders?limit=1") == 0, "users are served");
            var took = TimeProvider.System.GetElapsedTime(healed);
            Assert.True(took < TimeSpan.FromSeconds(5) + HealthProbe.Room, $"After outage {outage + 1} it took {took}.");
        }
    }

    private async Task<OrdersProcess> StartAsync(string database, string? user = null)
    {
        var connections = servers.Connections(database);
        if (user is not null)
        {
            connections["database"] = new NpgsqlConnectionStringBuilder(connections["database"]) { Username = user, Password = "its-own" }.ConnectionString;
        }

        var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), connections);
        await orders.ReadyAsync();
        return orders;
    }

    // A user that owns nothing, so that rights can be taken away; the tables are made by another instance.
    private async Task<(string Database, string User)> WithUserAsync()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using (await StartAsync(database))
        {
        }

        var user = $"user_{Guid.NewGuid():n}";
        await servers.Postgres.ExecuteAsync($"create role {user} login password 'its-own'; grant all on all tables in schema public to {user}", database);
        return (database, user);
    }

    private static Task<HttpResponseMessage> PostAsync(OrdersProcess orders) =>
        orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 });
}
