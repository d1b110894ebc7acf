using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Candor.Health.Tests.Faults;
using Candor.Testing.Servers;

namespace Candor.Health.Tests.Orders;

/// <summary>F224 on a real Redis: full, read-only, and with entries that nobody should believe.</summary>
[Collection(OrdersTests.Name)]
public sealed class CacheFaultTests(OrdersServers servers)
{
    private const string Cache = "cache";

    [Theory]
    [InlineData("OOM", "config set maxmemory 1000", "config set maxmemory 0")]
    [InlineData("READONLY", "replicaof 127.0.0.1 1", "replicaof no one")]
    public async Task F224_cache_that_takes_no_writes_is_degraded_with_its_code_and_recovers(string code, string fault, string repair)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var orders = await StartAsync(redis);
        var id = await OrderAsync(orders);
        await redis.CommandAsync(fault.Split(' '));

        var verdict = await orders.SaysAsync(answer => answer.Status == "degraded", orders.OneEvaluation());
        var detail = await orders.DetailAsync();
        var read = await ReadAsync(orders, id);
        await redis.CommandAsync(repair.Split(' '));
        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);

        Assert.True(verdict.Ready);
        Assert.Contains(code, detail, StringComparison.Ordinal);
        Assert.Equal("tea", (string?)read["item"]);
    }

    private static readonly string[] Poisons =
    [
        "",
        "null",
        "{}",
        "[]",
        "{broken",
        """{"id":"ID","item":"poison","quantity":1,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}""",
        """{"version":2,"order":{"id":"ID","item":"poison","quantity":1,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"018f0000-0000-7000-8000-000000000000","item":"poison","quantity":1,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"ID","item":"","quantity":1,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"ID","quantity":1,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"ID","item":"poison","quantity":0,"status":"processed","createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"ID","item":"poison","quantity":1,"status":"accepted","createdAt":"2026-01-01T00:00:00Z"}}""",
        """{"version":1,"order":{"id":"ID","item":"poison","quantity":1,"status":7,"createdAt":"2026-01-01T00:00:00Z","processedAt":"2026-01-01T00:00:01Z"}}""",
        """{"version":1,"order":{"id":"ID","item":"poison","quantity":1,"status":"processed","processedAt":"2026-01-01T00:00:01Z"}}""",
    ];

    [Fact]
    public async Task F224_entry_that_this_service_cannot_have_written_is_a_miss_and_replaced()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var orders = await StartAsync(redis);
        var id = await OrderAsync(orders);
        foreach (var poison in Poisons.Select(text => text.Replace("ID", id.ToString(), StringComparison.Ordinal)))
        {
            await redis.CommandAsync("set", $"order:{id}", poison);

            Assert.Equal("tea", (string?)(await ReadAsync(orders, id))["item"]);
            await ReplacedAsync(redis, id);
        }
    }

    [Fact]
    public async Task F224_key_of_the_wrong_type_is_a_miss_shown_with_its_code_and_replaced()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var orders = await StartAsync(redis);
        var id = await OrderAsync(orders);
        await redis.CommandAsync("del", $"order:{id}");
        await redis.CommandAsync("rpush", $"order:{id}", "poison");

        var read = await ReadAsync(orders, id);
        var verdict = await orders.SaysAsync(answer => answer.Status == "degraded", orders.OneEvaluation());
        var detail = await orders.DetailAsync();
        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(5) + HealthProbe.Room);

        Assert.Equal("tea", (string?)read["item"]);
        Assert.True(verdict.Ready);
        Assert.Contains("WRONGTYPE", detail, StringComparison.Ordinal);
        await ReplacedAsync(redis, id);
    }

    private static Task ReplacedAsync(RedisServer redis, Guid id) => Hosting.Eventually.TrueAsync(
        async () => (await redis.CommandAsync("get", $"order:{id}")).Contains("\"item\":\"tea\"", StringComparison.Ordinal), "the entry is replaced");

    private async Task<OrdersProcess> StartAsync(RedisServer redis)
    {
        var connections = servers.Connections(await servers.Postgres.CreateDatabaseAsync());
        connections[Cache] = redis.ConnectionString();
        var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), connections);
        await orders.ReadyAsync();
        return orders;
    }

    private static async Task<Guid> OrderAsync(OrdersProcess orders)
    {
        using var answer = await orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (Guid)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
        await Hosting.Eventually.TrueAsync(async () => (string?)(await ReadAsync(orders, id))["status"] == "processed", "the order is processed");
        return id;
    }

    private static async Task<JsonNode> ReadAsync(OrdersProcess orders, Guid id)
    {
        using var answer = await orders.Client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/orders/{id}"), UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
