using System.Text.Json;
using Npgsql;
using StackExchange.Redis;

namespace Candor.SampleApp.Orders;

/// <summary>An order as users see it.</summary>
internal sealed record SampleOrder(Guid Id, string Item, int Quantity, string Status, DateTime CreatedAt);

/// <summary>What a user sends.</summary>
internal sealed record SampleOrderRequest(string? Item, int? Quantity);

/// <summary>Orders in PostgreSQL, read through Redis.</summary>
internal sealed class OrderTable(NpgsqlDataSource database, CacheClient cache)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public async Task CreateAsync(CancellationToken token)
    {
        await using var command = database.CreateCommand(
            """
            select pg_advisory_lock(7236833);
            create table if not exists orders (id uuid primary key, item text not null, quantity integer not null, created_at timestamptz not null default now(), processed_at timestamptz);
            create table if not exists outbox (order_id uuid primary key references orders (id));
            select pg_advisory_unlock(7236833)
            """);
        await command.ExecuteNonQueryAsync(token);
    }

    public async Task<SampleOrder> AddAsync(string item, int quantity, CancellationToken token)
    {
        var id = Guid.CreateVersion7();
        await using var command = database.CreateCommand(
            "with accepted as (insert into orders (id, item, quantity) values ($1, $2, $3) returning id, created_at), queued as (insert "
                + "into outbox select id from accepted) select created_at from accepted");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(item);
        command.Parameters.AddWithValue(quantity);
        return new(id, item, quantity, "accepted", (DateTime)(await command.ExecuteScalarAsync(token))!);
    }

    public async Task<SampleOrder?> FindAsync(Guid id, CancellationToken token)
    {
        var key = (RedisKey)$"order:{id}";
        IDatabase? redis = null;
        try
        {
            redis = (await cache.OpenAsync()).GetDatabase();
            if (await redis.StringGetAsync(key) is { HasValue: true } cached)
            {
                return JsonSerializer.Deserialize<SampleOrder>((string)cached!, _json);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException or JsonException)
        {
            // A cache that is away costs a query.
            redis = null;
        }

        await using var command = database.CreateCommand(
            "select id, item, quantity, processed_at is not null, created_at from orders where id = $1");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync(token);
        var order = await reader.ReadAsync(token) ? Read(reader) : null;
        if (redis is not null && order is { Status: "processed" })
        {
            await redis.StringSetAsync(
                key, JsonSerializer.Serialize(order, _json), TimeSpan.FromHours(1), When.Always, CommandFlags.FireAndForget);
        }

        return order;
    }

    public async Task<List<SampleOrder>> LatestAsync(int limit, CancellationToken token)
    {
        await using var command = database.CreateCommand(
            "select id, item, quantity, processed_at is not null, created_at from orders order by id desc limit $1");
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(token);
        var orders = new List<SampleOrder>();
        while (await reader.ReadAsync(token))
        {
            orders.Add(Read(reader));
        }

        return orders;
    }

    private static SampleOrder Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetBoolean(3) ? "processed" : "accepted", row.GetDateTime(4));
}

/// <summary>The routes.</summary>
internal static class OrderRoutes
{
    public static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders", async (SampleOrderRequest order, OrderTable table, CancellationToken token) =>
            order is { Item: { Length: > 0 } item, Quantity: > 0 and var quantity }
                ? Results.Created((string?)null, await table.AddAsync(item, quantity, token))
                : Results.BadRequest());
        app.MapGet("/orders/{id}", async (string id, OrderTable table, CancellationToken token) =>
            Guid.TryParse(id, out var guid) && await table.FindAsync(guid, token) is { } order ? Results.Ok(order) : Results.NotFound());
        app.MapGet("/orders", async (int? limit, OrderTable table, CancellationToken token) =>
            limit is null or (>= 1 and <= 100) ? Results.Ok(await table.LatestAsync(limit ?? 20, token)) : Results.BadRequest());
    }
}
