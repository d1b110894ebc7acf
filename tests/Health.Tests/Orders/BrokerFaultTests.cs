using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Candor.Health.Tests.Faults;
using Candor.Testing.Servers;
using RabbitMQ.Client;

namespace Candor.Health.Tests.Orders;

/// <summary>F222 and F223 on a real broker of their own: what a broker can do to an app short of being away.</summary>
public sealed class BrokerFaultTests(OrdersServers servers) : IClassFixture<OrdersServers>, IAsyncLifetime
{
    private const string Queue = "queue";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await servers.Postgres.CreateDatabaseAsync();
        // Each test begins with queues that are not there.
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync("orders");
        await channel.QueueDeleteAsync("orders.rejected");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task F222_consumer_is_back_after_its_queue_was_deleted_or_made_again_by_somebody_else()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeleteAsync("orders");
        }

        await OrderAndWaitAsync(orders);
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeleteAsync("orders");
            // Other arguments than ours: declaring it again would be refused.
            await channel.QueueDeclareAsync("orders", durable: true, exclusive: false, autoDelete: false);
        }

        await OrderAndWaitAsync(orders);
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation());
    }

    [Fact]
    public async Task F222_messages_that_were_confirmed_and_lost_with_their_queue_are_published_again()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        // Nothing is processed while the table is locked against it, so the messages stay with the broker.
        await servers.Postgres.ExecuteAsync("alter table orders rename column processed_at to not_now", _database);
        for (var i = 0; i < 60; i++)
        {
            await PostAsync(orders);
        }

        await UntilAsync("select count(*) = 0 from outbox where published_at is null", orders);
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeleteAsync("orders");
        }

        await servers.Postgres.ExecuteAsync("alter table orders rename column not_now to processed_at", _database);
        await UntilAsync("select count(*) = 61 from orders where processed_at is not null", orders);
        await UntilAsync("select count(*) = 0 from outbox", orders);
    }

    [Fact]
    public async Task Message_that_is_no_order_is_put_aside_also_when_the_queue_was_made_again_without_dead_letters()
    {
        await using var orders = await StartAsync();
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync("orders");
        await channel.QueueDeclareAsync("orders", durable: true, exclusive: false, autoDelete: false);
        await OrderAndWaitAsync(orders);
        await channel.BasicPublishAsync("", "orders", mandatory: true, new BasicProperties(), "not an order"u8.ToArray());

        await UntilAsync(async () => await channel.MessageCountAsync("orders.rejected") == 1, orders, "it is put aside");
        Assert.Equal(0u, await channel.MessageCountAsync("orders"));
    }

    [Fact]
    public async Task F223_queue_that_rejects_is_named_and_steady_and_the_order_is_delivered_once_it_does_not()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        await servers.RabbitMq.ControlAsync("set_policy", "full", "^orders$", """{"max-length":0,"overflow":"reject-publish"}""", "--apply-to", "queues");
        await PostAsync(orders);

        await SteadyAsync(orders, "publish rejected");
        await servers.RabbitMq.ControlAsync("clear_policy", "full");

        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);
        await UntilAsync("select count(*) = 2 from orders where processed_at is not null", orders);
    }

    [Fact]
    public async Task F223_right_that_is_taken_away_is_named_although_nobody_orders_anything()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        await servers.RabbitMq.ControlAsync("set_permissions", "-p", "/", "orders", "^$", "^$", "^$");

        await SteadyAsync(orders, "403 access refused");
        await PostAsync(orders);
        await servers.RabbitMq.ControlAsync("set_permissions", "-p", "/", "orders", ".*", ".*", ".*");

        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);
        await UntilAsync("select count(*) = 2 from orders where processed_at is not null", orders);
    }

    [Fact]
    public async Task F223_alarm_that_blocks_publishers_is_named_and_users_go_on()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        await servers.RabbitMq.ControlAsync("set_vm_memory_high_watermark", "absolute", "1000000");

        await SteadyAsync(orders, "memory alarm");
        await PostAsync(orders);
        await servers.RabbitMq.ControlAsync("set_vm_memory_high_watermark", "0.6");

        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);
        await UntilAsync("select count(*) = 2 from orders where processed_at is not null", orders);
    }

    [Fact]
    public async Task F223_user_that_is_gone_is_named_authentication_until_there_is_one_again()
    {
        await using var orders = await StartAsync();
        await OrderAndWaitAsync(orders);
        await servers.RabbitMq.ControlAsync("delete_user", "orders");

        await orders.SaysAsync(answer => answer.ReasonOf(Queue) == "authentication", orders.OneEvaluation());
        await PostAsync(orders);
        await servers.RabbitMq.ControlAsync("add_user", "orders", RabbitMqServer.Password);
        await servers.RabbitMq.ControlAsync("set_permissions", "-p", "/", "orders", ".*", ".*", ".*");

        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);
        await UntilAsync("select count(*) = 2 from orders where processed_at is not null", orders);
    }

    // Degraded with the cause, and for several evaluations nothing else.
    private static async Task SteadyAsync(OrdersProcess orders, string cause)
    {
        await orders.SaysAsync(answer => answer.Status == "degraded", orders.OneEvaluation());
        await Hosting.Eventually.TrueAsync(async () => (await orders.DetailAsync()).Contains(cause, StringComparison.Ordinal), $"health says {cause}");
        for (var i = 0; i < 20; i++)
        {
            var answer = await orders.AskAsync();
            Assert.True(answer.Status == "degraded" && answer.Ready, answer.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        }

        Assert.Contains(cause, await orders.DetailAsync(), StringComparison.Ordinal);
    }

    private async Task<OrdersProcess> StartAsync()
    {
        var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(_database));
        await orders.ReadyAsync();
        return orders;
    }

    private async Task OrderAndWaitAsync(OrdersProcess orders)
    {
        var id = await PostAsync(orders);
        await UntilAsync($"select processed_at is not null from orders where id = '{id}'", orders);
    }

    private static async Task<Guid> PostAsync(OrdersProcess orders)
    {
        using var answer = await orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (Guid)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    private Task UntilAsync(string condition, OrdersProcess orders) =>
        UntilAsync(() => servers.Postgres.ScalarAsync<bool>(condition, _database), orders, condition);

    private static async Task UntilAsync(Func<Task<bool>> condition, OrdersProcess orders, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Not so in time: {what}\n{orders.Process.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
