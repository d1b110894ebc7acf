using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Candor.Testing.Network;
using RabbitMQ.Client;

namespace Candor.Health.Tests.Orders;

/// <summary>What is accepted is processed, once, whatever goes away in between; and reads do not depend on the cache.</summary>
[Collection(OrdersTests.Name)]
public sealed class OrderDeliveryTests(OrdersServers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Order_is_processed_and_from_then_on_read_from_the_cache()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(servers.Connections(database));
        var id = await PostAsync(orders, "tea");

        await UntilAsync(database, "select count(*) = 1 from orders where processed_at is not null", orders);
        var read = await ReadAsync(orders, id);
        await servers.Postgres.ExecuteAsync("update orders set item = 'not from the cache'", database);
        var again = await ReadAsync(orders, id);

        Assert.Equal("processed", (string?)read["status"]);
        Assert.Equal("tea", (string?)again["item"]);
        Assert.True(await servers.Postgres.ScalarAsync<bool>("select count(*) = 0 from outbox", database));
    }

    [Fact]
    public async Task Order_that_is_still_to_be_processed_is_never_read_from_the_cache()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var proxy = TcpProxy.Start(servers.RabbitMq.Port);
        proxy.Refuse();
        await using var orders = await StartAsync(servers.Connections(database, queue: proxy.Port));
        var id = await PostAsync(orders, "tea");
        var before = await ReadAsync(orders, id);
        proxy.Heal();

        await UntilAsync(database, "select count(*) = 1 from orders where processed_at is not null", orders);
        var after = await ReadAsync(orders, id);

        Assert.Equal("accepted", (string?)before["status"]);
        Assert.Equal("processed", (string?)after["status"]);
    }

    [Fact]
    public async Task Orders_accepted_while_the_queue_crashes_and_returns_are_all_processed_once()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await servers.Postgres.ExecuteAsync("create table changes (id uuid)", database);
        await using var orders = await StartAsync(servers.Connections(database));
        await servers.Postgres.ExecuteAsync(
            """
            create function count_change() returns trigger language plpgsql as $$ begin insert into changes values (new.id); return new; end $$;
            create trigger processed after update of processed_at on orders for each row
                when (old.processed_at is distinct from new.processed_at) execute function count_change();
            """,
            database);

        await PostManyAsync(orders, 50);
        await servers.RabbitMq.StopAsync();
        await PostManyAsync(orders, 50);
        await servers.RabbitMq.RestartAsync();
        await PostManyAsync(orders, 50);

        await UntilAsync(database, "select count(*) = 150 from orders where processed_at is not null", orders);
        await UntilAsync(database, "select count(*) = 0 from outbox", orders);
        Assert.Equal(150, await servers.Postgres.ScalarAsync<long>("select count(*) from changes", database));
    }

    [Fact]
    public async Task Service_killed_in_the_middle_loses_nothing_and_the_next_one_processes_the_rest_once()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using (var killed = await StartAsync(servers.Connections(database)))
        {
            await PostManyAsync(killed, 100);
            await killed.Process.KillAsync();
        }

        await using var next = await StartAsync(servers.Connections(database));

        await UntilAsync(database, "select count(*) = 100 from orders where processed_at is not null", next);
        await UntilAsync(database, "select count(*) = 0 from outbox", next);
    }

    [Fact]
    public async Task Outbox_entry_is_leased_for_as_long_as_its_holder_can_work_on_it_and_not_for_the_longest_request()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(servers.Connections(database));
        await servers.Postgres.ExecuteAsync(
            """
            create table leases (length interval);
            create function note_lease() returns trigger language plpgsql as $$ begin
                if new.leased_until is not null then insert into leases values (new.leased_until - now()); end if; return new; end $$;
            create trigger note_lease after update on outbox for each row execute function note_lease()
            """,
            database);

        await PostAsync(orders, "tea");
        await UntilAsync(database, "select count(*) = 1 from orders where processed_at is not null", orders);

        var timeouts = orders.Contract.Dependencies.ToDictionary(dependency => dependency.Name, dependency => dependency.Timeout);
        var longest = (timeouts[OrdersContract.Database] * 2) + timeouts[OrdersContract.Queue];
        Assert.Equal(longest, await servers.Postgres.ScalarAsync<TimeSpan>("select max(length) from leases", database));
        Assert.True(longest < orders.Contract.Drain.RequestTimeout);
    }

    [Fact]
    public async Task Message_that_comes_twice_changes_nothing_and_one_that_is_no_order_is_put_aside()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(servers.Connections(database));
        var id = await PostAsync(orders, "tea");
        await UntilAsync(database, "select count(*) = 1 from orders where processed_at is not null", orders);
        var first = await servers.Postgres.ScalarAsync<DateTime>("select processed_at from orders", database);

        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        await channel.QueuePurgeAsync("orders.rejected");
        await PublishAsync(channel, id.ToString());
        await PublishAsync(channel, "not an order");
        await UntilAsync(async () => await channel.MessageCountAsync("orders.rejected") == 1, orders);

        Assert.Equal(0u, await channel.MessageCountAsync("orders"));
        Assert.Equal(first, await servers.Postgres.ScalarAsync<DateTime>("select processed_at from orders", database));
    }

    [Fact]
    public async Task Messages_that_meet_a_database_outage_go_back_to_the_queue()
    {
        var name = await servers.Postgres.CreateDatabaseAsync();
        await using var database = TcpProxy.Start(servers.Postgres.Port);
        await using var queue = TcpProxy.Start(servers.RabbitMq.Port);
        await using var orders = await StartAsync(servers.Connections(name, database: database.Port, queue: queue.Port));
        queue.Refuse();
        var id = await PostAsync(orders, "tea");
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        await channel.QueuePurgeAsync("orders.rejected");
        await PublishAsync(channel, id.ToString());
        database.Refuse();
        queue.Heal();

        await UntilAsync(async () => await channel.MessageCountAsync("orders") == 0, orders, "the consumer has taken the message");
        // Time for the consumer to meet the outage and to give the message back more than once.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        database.Heal();
        await UntilAsync(name, "select count(*) = 1 from orders where processed_at is not null", orders);

        Assert.Equal(0u, await channel.MessageCountAsync("orders.rejected"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orders_are_accepted_and_served_while_cache_and_queue_are_away(bool silent)
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var cache = TcpProxy.Start(servers.Redis.Port);
        await using var queue = TcpProxy.Start(servers.RabbitMq.Port);
        await using var orders = await StartAsync(servers.Connections(database, cache: cache.Port, queue: queue.Port));
        var early = await PostAsync(orders, "early");
        await UntilAsync(database, "select count(*) = 1 from orders where processed_at is not null", orders);
        Fail(cache, silent);
        Fail(queue, silent);

        var late = await PostAsync(orders, "late");
        Assert.Equal("early", (string?)(await ReadAsync(orders, early))["item"]);
        Assert.Equal("late", (string?)(await ReadAsync(orders, late))["item"]);

        cache.Heal();
        queue.Heal();
        await UntilAsync(database, "select count(*) = 2 from orders where processed_at is not null", orders);
    }

    [Fact]
    public async Task Unreadable_cache_entry_is_read_from_the_database()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = await StartAsync(servers.Connections(database));
        var id = await PostAsync(orders, "tea");
        await servers.Redis.CommandAsync("set", $"order:{id}", "{broken");

        Assert.Equal("tea", (string?)(await ReadAsync(orders, id))["item"]);
    }

    private static void Fail(TcpProxy proxy, bool silent)
    {
        if (silent)
        {
            proxy.Silence();
        }
        else
        {
            proxy.Refuse();
        }
    }

    private static async Task<OrdersProcess> StartAsync(IReadOnlyDictionary<string, string> connections)
    {
        var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), connections);
        await orders.UntilAsync("/health", HttpStatusCode.OK);
        return orders;
    }

    private static async Task<Guid> PostAsync(OrdersProcess orders, string item)
    {
        using var answer = await orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item, quantity = 1 });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode} {body}\n{orders.Process.Output}");
        return (Guid)JsonNode.Parse(body)!["id"]!;
    }

    private static async Task PostManyAsync(OrdersProcess orders, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await PostAsync(orders, $"item {i}");
        }
    }

    private static async Task<JsonNode> ReadAsync(OrdersProcess orders, Guid id)
    {
        using var answer = await orders.Client.GetAsync(new Uri($"/orders/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static ValueTask PublishAsync(IChannel channel, string body) =>
        channel.BasicPublishAsync("", "orders", mandatory: true, new BasicProperties(), Encoding.UTF8.GetBytes(body));

    private Task UntilAsync(string database, string condition, OrdersProcess orders) =>
        UntilAsync(() => servers.Postgres.ScalarAsync<bool>(condition, database), orders, condition);

    private static async Task UntilAsync(Func<Task<bool>> condition, OrdersProcess orders, string what = "condition")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < Limit, $"Not so in time: {what}\n{orders.Process.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
