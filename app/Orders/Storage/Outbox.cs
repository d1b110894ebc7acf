using Candor.Orders.Resilience;
using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>
/// Orders that are not processed yet. An entry is leased, published, and marked as published once the broker has confirmed it; it goes
/// with the order's processing. So a message that was confirmed and then lost with its queue is known, and published again: a message
/// may be sent twice and is never lost.
/// </summary>
/// <param name="database">Where it stands.</param>
/// <param name="lease">How long an entry is reserved for the instance that leased it; after that another may lease it.</param>
public sealed class Outbox(Database database, TimeSpan lease)
{
    private const string LeaseNext =
        """
        update outbox set leased_until = now() + $2
        where order_id in (
            select order_id from outbox where published_at is null and (leased_until is null or leased_until < now())
            order by created_at limit $1 for update skip locked)
        returning order_id
        """;

    private const string LeaseOverdue =
        """
        update outbox set leased_until = now() + $2
        where order_id in (
            select order_id from outbox
            where published_at < now() - $3 and (leased_until is null or leased_until < now())
            order by published_at limit $1 for update skip locked)
        returning order_id
        """;

    private const string Ages =
        """
        select extract(epoch from now() - (select min(created_at) from outbox where published_at is null))::float8,
               extract(epoch from now() - (select min(created_at) from outbox where published_at is not null))::float8
        """;

    /// <summary>Leases the oldest unpublished entries that are not leased.</summary>
    /// <param name="limit">How many at most.</param>
    public Task<List<Guid>> LeaseAsync(int limit) => LeaseAsync(LeaseNext, limit, null);

    /// <summary>Leases entries that were published so long ago, and are not processed, that their messages may be lost.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="age">How long ago at least.</param>
    public Task<List<Guid>> LeaseOverdueAsync(int limit, TimeSpan age) => LeaseAsync(LeaseOverdue, limit, age);

    /// <summary>Marks what was confirmed as published, and gives back the rest.</summary>
    public Task EndAsync(
        IReadOnlyCollection<Guid> confirmed,
        IReadOnlyCollection<Guid> rest) => database.RunAsync(WorkKind.Background, async (connection, token) =>
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("update outbox set published_at = now(), leased_until = null where order_id = any($1)")
                {
                    Parameters = { new() { Value = confirmed.ToArray() } },
                },
                new("update outbox set leased_until = null where order_id = any($1)") { Parameters = { new() { Value = rest.ToArray() } } },
            },
        };
        return await batch.ExecuteNonQueryAsync(token);
    });

    /// <summary>
    /// How old the oldest entries are, counted from the order's acceptance by the database's clock. Two looks into an index.
    /// </summary>
    public Task<OutboxAges> ReadAgesAsync() => database.RunAsync(WorkKind.Background, ReadAgesAsync);

    /// <summary>The trial of the guard for background work.</summary>
    public Task<bool> TryAsync(CancellationToken token) => database.TryAsync(ReadAgesAsync, token);

    private static async Task<OutboxAges> ReadAgesAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var select = new NpgsqlCommand(Ages, connection);
        await using var reader = await select.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return new OutboxAges(Age(reader, 0), Age(reader, 1));
    }

    private static TimeSpan? Age(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : TimeSpan.FromSeconds(Math.Max(0, row.GetDouble(column)));

    private Task<List<Guid>> LeaseAsync(
        string statement, int limit, TimeSpan? age) => database.RunAsync(WorkKind.Background, async (connection, token) =>
    {
        await using var update = new NpgsqlCommand(statement, connection)
        {
            Parameters = { new() { Value = limit }, new() { Value = lease } },
        };
        if (age is { } least)
        {
            update.Parameters.Add(new() { Value = least });
        }

        var orders = new List<Guid>();
        await using var reader = await update.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            orders.Add(reader.GetGuid(0));
        }

        return orders;
    });
}

/// <summary>How old the oldest open items are; null where there is none.</summary>
/// <param name="Unpublished">The oldest order whose message the broker has not confirmed.</param>
/// <param name="Unprocessed">The oldest order whose message was confirmed and that is not processed.</param>
public sealed record OutboxAges(TimeSpan? Unpublished, TimeSpan? Unprocessed);
