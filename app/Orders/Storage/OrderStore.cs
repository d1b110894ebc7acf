using Candor.Orders.Resilience;
using Npgsql;
using NpgsqlTypes;

namespace Candor.Orders.Storage;

/// <summary>Orders in PostgreSQL.</summary>
public sealed class OrderStore(Database database, TimeProvider time)
{
    private const string Columns = "id, item, quantity, created_at, processed_at";

    // One statement, so the order and its outbox entry are written together or not at all. Of two requests with the same key at
    // once, the second waits here for the first and then inserts nothing; nor does the same order once more, after its connection was
    // lost before the answer came.
    private const string Insert =
        """
        with accepted as (
            insert into orders (id, item, quantity, idempotency_key, body_hash) values ($1, $2, $3, $4, $5)
            on conflict do nothing
            returning id, created_at),
        queued as (insert into outbox (order_id) select id from accepted)
        select created_at from accepted
        """;

    // Processed once, and then nothing is open any more: the outbox entry goes with it.
    private const string Process =
        """
        with processed as (update orders set processed_at = coalesce(processed_at, now()) where id = $1 returning id),
        done as (delete from outbox where order_id = $1)
        select count(*) from processed
        """;

    /// <summary>Stores an order together with its outbox entry, or finds the one already stored under the same key.</summary>
    public Task<StoredOrder> AddAsync(NewOrder order, IdempotencyKey? key)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return database.RunAsync(WorkKind.Write, (connection, token) => InsertAsync(connection, id, order, key, token));
    }

    /// <summary>
    /// The canary's order. Does all that <see cref="AddAsync"/> does and rolls it back: the same statement with a key, so that every table,
    /// constraint, trigger and right that a user's order needs is needed here too, also those that are checked at the end of a transaction.
    /// </summary>
    public Task<StoredOrder> TryOutAsync(NewOrder order) =>
        database.RunAsync(WorkKind.Write, (connection, token) => InsertAndRollBackAsync(connection, order, token));

    /// <summary>The trial of the guard for writes.</summary>
    public Task<bool> TryWriteAsync(CancellationToken token) => database.TryAsync(
        (connection, inner) => InsertAndRollBackAsync(connection, new("trial", 1), inner), token);

    /// <summary>The trial of the guard for reads.</summary>
    public Task<bool> TryReadAsync(CancellationToken token) => database.TryAsync(
        (connection, inner) => LatestAsync(connection, 1, inner), token);

    /// <summary>The order with this id, or null.</summary>
    public Task<Order?> FindAsync(Guid id) => database.RunAsync(WorkKind.Read, async (connection, token) =>
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
    public Task<bool> ProcessAsync(Guid id) => database.RunAsync(WorkKind.Background, async (connection, token) =>
    {
        await using var update = new NpgsqlCommand(Process, connection) { Parameters = { new() { Value = id } } };
        return await update.ExecuteScalarAsync(token) is 1L;
    });

    /// <summary>The latest orders, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    public Task<List<Order>> LatestAsync(int limit) =>
        database.RunAsync(WorkKind.Read, (connection, token) => LatestAsync(connection, limit, token));

    private static async Task<List<Order>> LatestAsync(NpgsqlConnection connection, int limit, CancellationToken token)
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
    }

    private async Task<StoredOrder> InsertAndRollBackAsync(NpgsqlConnection connection, NewOrder order, CancellationToken token)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await using var transaction = await connection.BeginTransactionAsync(token);
        var stored = await InsertAsync(connection, id, order, new($"canary-{id}"), token);
        await using var check = new NpgsqlCommand("set constraints all immediate", connection, transaction);
        await check.ExecuteNonQueryAsync(token);
        await transaction.RollbackAsync(token);
        return stored;
    }

    private static async Task<StoredOrder> InsertAsync(
        NpgsqlConnection connection, Guid id, NewOrder order, IdempotencyKey? key, CancellationToken token)
    {
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
            : await FindStoredAsync(connection, id, order, key, token);
    }

    // The same key gets the same answer, so the order is shown as it was accepted, whatever has become of it since.
    private static async Task<StoredOrder> FindStoredAsync(
        NpgsqlConnection connection, Guid id, NewOrder order, IdempotencyKey? key, CancellationToken token)
    {
        await using var select = new NpgsqlCommand(
            $"select {Columns}, body_hash from orders where id = $1 or idempotency_key = $2", connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = (object?)key?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await using var reader = await select.ExecuteReaderAsync(token);
        if (!await reader.ReadAsync(token))
        {
            throw new InvalidOperationException("An order was not inserted for a conflict, and what it conflicts with is not there.");
        }

        var stored = Read(reader) with { Status = OrderStatus.Accepted, ProcessedAt = null };
        return new(stored, SameBody: key is null || reader.GetFieldValue<byte[]>(5).AsSpan().SequenceEqual(order.Hash()));
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
