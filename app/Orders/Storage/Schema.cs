using Candor.Orders.Resilience;
using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>The tables, created at start. Every statement may run again, so a new version only appends.</summary>
public sealed class Schema(Database database)
{
    private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Two instances that both find nothing would both create, so they take turns.
    private const string TakeTurns = "select pg_advisory_xact_lock(7236832)";

    // Each is asked for before it is made: "if not exists" would want the right to create, and lock a table against the users of the
    // instances that serve meanwhile, although it is there.
    private const string Orders =
        """
        do $$ begin
            if to_regclass('orders') is null then
                create table orders (
                    id              uuid primary key,
                    item            text not null,
                    quantity        integer not null check (quantity > 0),
                    created_at      timestamptz not null default now(),
                    processed_at    timestamptz,
                    idempotency_key text unique,
                    body_hash       bytea
                );
            end if;
        end $$
        """;

    private const string Outbox =
        """
        do $$ begin
            if to_regclass('outbox') is null then
                create table outbox (
                    order_id      uuid primary key references orders (id),
                    leased_until  timestamptz
                );
            end if;
        end $$
        """;

    // An entry used to go when it was published; it now stays until the order is processed.
    private const string PublishedAt =
        """
        do $$ begin
            if not exists (
                select from pg_attribute
                where attrelid = 'outbox'::regclass and attname = 'published_at' and not attisdropped) then
                alter table outbox
                    add column created_at timestamptz not null default now(),
                    add column published_at timestamptz;
            end if;
            if to_regclass('outbox_unpublished') is null then
                create index outbox_unpublished on outbox (created_at) where published_at is null;
            end if;
            if to_regclass('outbox_published') is null then
                create index outbox_published on outbox (created_at) where published_at is not null;
            end if;
        end $$
        """;

    /// <summary>Ends once the tables are there; what works on them in the background waits for it.</summary>
    public Task Created => _created.Task;

    /// <summary>Creates what is missing.</summary>
    public async Task CreateAsync()
    {
        await CreateTablesAsync();
        _created.TrySetResult();
    }

    private Task<bool> CreateTablesAsync() => database.RunAsync(WorkKind.Write, async (connection, token) =>
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new(TakeTurns), new(Orders), new(Outbox), new(PublishedAt) },
        };
        await batch.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
        return true;
    });
}
