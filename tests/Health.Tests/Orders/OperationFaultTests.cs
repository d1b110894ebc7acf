using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Candor.Health.Tests.Faults;
using Candor.Testing.Network;
using Npgsql;

namespace Candor.Health.Tests.Orders;

/// <summary>F217 to F221 as Orders and its health meet them together: which operation, by which code, and nothing else.</summary>
[Collection(OrdersTests.Name)]
public sealed class OperationFaultTests(OrdersServers servers)
{
    // What a night without users may take until a fault is seen (F219).
    private static readonly TimeSpan Night = TimeSpan.FromSeconds(30) + HealthProbe.Room;
    private static readonly TimeSpan Repaired = TimeSpan.FromSeconds(5) + HealthProbe.Room;

    [Fact]
    public async Task Canaries_leave_nothing_behind_and_show_every_route_healthy_without_users()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        foreach (var operation in new[] { OrdersContract.PlaceOrder, OrdersContract.ReadOrder, OrdersContract.ListOrders, OrdersContract.DeliverOutbox, OrdersContract.ProcessOrders })
        {
            await UntilAsync(orders, operation, "healthy", "", Night);
        }

        // Attempts are visible by the transactions that were rolled back, once the server's statistics are written.
        await Hosting.Eventually.TrueAsync(
            () => servers.Postgres.ScalarAsync<bool>($"select xact_rollback > 0 from pg_stat_database where datname = '{database}'"), "orders were tried out");
        Assert.Equal(0, await servers.Postgres.ScalarAsync<long>("select count(*) from orders", database));
        Assert.Equal(0, await servers.Postgres.ScalarAsync<long>("select count(*) from outbox", database));
    }

    [Theory]
    [InlineData("23514 check violation", "alter table orders add constraint c check (quantity > 1000000) not valid", "alter table orders drop constraint c")]
    [InlineData("23514 check violation", "alter table outbox add constraint c check (leased_until is not null) not valid", "alter table outbox drop constraint c")]
    [InlineData("25006 read-only transaction", "alter database DB set default_transaction_read_only = on", "alter database DB set default_transaction_read_only = off")]
    public async Task F217_write_that_is_refused_is_named_by_its_code_without_users_and_reads_go_on(string cause, string fault, string repair)
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        await ChangeAsync(fault, database);

        await UntilAsync(orders, OrdersContract.PlaceOrder, "failing", cause, Night);
        var failed = await orders.FailedOfAsync(30, "/orders?limit=1");
        var list = await OperationAsync(orders, OrdersContract.ListOrders);
        await ChangeAsync(repair, database);
        await UntilAsync(orders, OrdersContract.PlaceOrder, "healthy", "", Repaired);

        Assert.Equal(0, failed);
        Assert.Equal("healthy", list.Status);
    }

    [Fact]
    public async Task F220_locked_table_is_named_by_the_servers_limit_and_stays_so_while_it_lasts()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        await using var other = new NpgsqlConnection(servers.Postgres.ConnectionString(database));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table orders in access exclusive mode", other, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        using var users = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!users.IsCancellationRequested)
            {
                using var answer = await PostAsync(orders);
            }
        }));
        await UntilAsync(orders, OrdersContract.PlaceOrder, "failing", "55P03 lock not available", Night);
        for (var i = 0; i < 40; i++)
        {
            var seen = await OperationAsync(orders, OrdersContract.PlaceOrder);
            Assert.True(seen.Status == "failing" && seen.Reason.Contains("55P03", StringComparison.Ordinal), seen.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        await transaction.RollbackAsync();
        await UntilAsync(orders, OrdersContract.PlaceOrder, "healthy", "", Repaired);
        await users.CancelAsync();
        await load;
    }

    [Fact]
    public async Task F221_outbox_that_is_not_delivered_is_named_with_its_cause_and_heals_by_itself()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var queue = TcpProxy.Start(servers.RabbitMq.Port);
        await using var orders = await StartAsync(database, queue.Port);
        queue.Refuse();
        using var accepted = await PostAsync(orders);

        var seen = await UntilAsync(orders, OrdersContract.DeliverOutbox, "degraded", "", Night);
        queue.Heal();
        await UntilAsync(orders, OrdersContract.DeliverOutbox, "healthy", "", Repaired);

        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        Assert.NotNull(seen.OldestAge);
    }

    [Fact]
    public async Task F221_processing_that_fails_is_named_by_its_code_and_heals_by_itself()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(database);
        await servers.Postgres.ExecuteAsync(
            """
            create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
            create trigger no before update on orders for each row execute function no();
            """,
            database);
        using var accepted = await PostAsync(orders);

        await UntilAsync(orders, OrdersContract.ProcessOrders, "degraded", "P0001 raised exception", Night);
        var place = await OperationAsync(orders, OrdersContract.PlaceOrder);
        await servers.Postgres.ExecuteAsync("drop trigger no on orders", database);
        await UntilAsync(orders, OrdersContract.ProcessOrders, "healthy", "", Repaired);

        Assert.Equal("healthy", place.Status);
        Assert.True(await servers.Postgres.ScalarAsync<bool>("select count(*) = 1 from orders where processed_at is not null", database));
    }

    // A setting of the database holds for new sessions.
    private async Task ChangeAsync(string sql, string database)
    {
        await servers.Postgres.ExecuteAsync(sql.Replace("DB", database, StringComparison.Ordinal), sql.Contains("DB", StringComparison.Ordinal) ? "postgres" : database);
        if (sql.Contains("DB", StringComparison.Ordinal))
        {
            await servers.Postgres.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'");
        }
    }

    private async Task<OrdersProcess> StartAsync(string database, int? queue = null)
    {
        var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database, queue: queue));
        await orders.ReadyAsync();
        return orders;
    }

    private static async Task<Operation> UntilAsync(OrdersProcess orders, string name, string status, string cause, TimeSpan within)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await OperationAsync(orders, name);
            if (seen.Status == status && seen.Reason.Contains(cause, StringComparison.Ordinal))
            {
                return seen;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < within, $"{name} is not {status} ({cause}) within {within}; last: {seen}\n{orders.Process.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task<Operation> OperationAsync(OrdersProcess orders, string name)
    {
        var answer = await orders.AskAsync();
        var operation = JsonNode.Parse(answer.Body)!["operations"]?[name];
        return new((string?)operation?["status"] ?? "", (string?)operation?["reason"] ?? "", (string?)operation?["oldestAge"], answer.Body);
    }

    private static Task<HttpResponseMessage> PostAsync(OrdersProcess orders) =>
        orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 });

    private sealed record Operation(string Status, string Reason, string? OldestAge, string Body);
}
