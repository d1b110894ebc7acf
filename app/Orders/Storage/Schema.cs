using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>The tables, created at start. Every statement may run again, so a new version only appends.</summary>
public sealed class Schema(Database database)
{
    private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // "create if not exists" of two instances at once still collides in the catalog, so they take turns.
    private const string TakeTurns = "select pg_advisory_xact_lock(7236832)";

    private const string Orders =
        """
        create table if not exists orders (
            id              uuid primary key,
            item            text not null,
            quantity        integer not null check (quantity > 0),
            created_at      timestamptz not null default now(),
            processed_at    timestamptz,
            idempotency_key text unique,
            body_hash       bytea
        )
        """;

    private const string Outbox =
        """
        create table if not exists outbox (
            order_id      uuid primary key references orders (id),
            leased_until  timestamptz
        )
        """;

    /// <summary>Ends once the tables are there; what works on them in the background waits for it.</summary>
    public Task Created => _created.Task;

    /// <summary>Creates what is missing.</summary>
    public async Task CreateAsync()
    {
        await CreateTablesAsync();
        _created.TrySetResult();
    }

    private Task<bool> CreateTablesAsync() => database.RunAsync(async (connection, token) =>
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new(TakeTurns), new(Orders), new(Outbox) },
        };
        await batch.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
        return true;
    });
}
