using Npgsql;
using NpgsqlTypes;

namespace Candor.Orders.Storage;

/// <summary>Orders in PostgreSQL.</summary>
public sealed class OrderStore(Database database, TimeProvider time)
{
    private const string Columns = "id, item, quantity, created_at, processed_at";

    // One statement, so the order and its outbox entry are written together or not at all. Of two requests with the same key at
    // once, the second waits here for the first and then inserts nothing.
    private const string Insert =
        """
        with accepted as (
            insert into orders (id, item, quantity, idempotency_key, body_hash) values ($1, $2, $3, $4, $5)
            on conflict (idempotency_key) do nothing
            returning id, created_at),
        queued as (insert into outbox (order_id) select id from accepted)
        select created_at from accepted
        """;

    /// <summary>Stores an order together with its outbox entry, or finds the one already stored under the same key.</summary>
    public Task<StoredOrder> AddAsync(NewOrder order, IdempotencyKey? key) => database.RunAsync(async (connection, token) =>
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = order.Item },
                new() { Value = order.Quantity },
                new() { Value = (object?)key?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = key is null ? DBNull.Value : order.Hash(), NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        return await insert.ExecuteScalarAsync(token) is DateTime created
            ? new StoredOrder(new(id, order.Item, order.Quantity, OrderStatus.Accepted, created), SameBody: true)
            : await FindByKeyAsync(connection, order, key!, token);
    });

    /// <summary>The order with this id, or null.</summary>
    public Task<Order?> FindAsync(Guid id) => database.RunAsync(async (connection, token) =>
    {
        await using var select = new NpgsqlCommand($"select {Columns} from orders where id = $1", connection)
        {
            Parameters = { new() { Value = id } },
        };
        await using var reader = await select.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token) ? Read(reader) : null;
    });

    /// <summary>Marks an order as processed, once; repeating it changes nothing.</summary>
    /// <returns>False when there is no such order.</returns>
    public Task<bool> ProcessAsync(Guid id) => database.RunAsync(async (connection, token) =>
    {
        await using var update = new NpgsqlCommand(
            "update orders set processed_at = coalesce(processed_at, now()) where id = $1", connection)
        {
            Parameters = { new() { Value = id } },
        };
        return await update.ExecuteNonQueryAsync(token) == 1;
    });

    /// <summary>The latest orders, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    public Task<List<Order>> LatestAsync(int limit) => database.RunAsync(async (connection, token) =>
    {
        await using var select = new NpgsqlCommand($"select {Columns} from orders order by id desc limit $1", connection)
        {
            Parameters = { new() { Value = limit } },
        };
        var orders = new List<Order>();
        await using var reader = await select.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            orders.Add(Read(reader));
        }

        return orders;
    });

    // The same key gets the same answer, so the order is shown as it was accepted, whatever has become of it since.
    private static async Task<StoredOrder> FindByKeyAsync(
        NpgsqlConnection connection, NewOrder order, IdempotencyKey key, CancellationToken token)
    {
        await using var select = new NpgsqlCommand(
            $"select {Columns}, body_hash from orders where idempotency_key = $1", connection)
        {
            Parameters = { new() { Value = key.Value } },
        };
        await using var reader = await select.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        var stored = Read(reader) with { Status = OrderStatus.Accepted, ProcessedAt = null };
        return new(stored, SameBody: reader.GetFieldValue<byte[]>(5).AsSpan().SequenceEqual(order.Hash()));
    }

    private static Order Read(NpgsqlDataReader row)
    {
        DateTimeOffset? processed = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4);
        return new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetInt32(2),
            processed is null ? OrderStatus.Accepted : OrderStatus.Processed,
            row.GetFieldValue<DateTimeOffset>(3),
            processed);
    }
}
