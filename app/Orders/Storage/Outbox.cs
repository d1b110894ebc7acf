using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>
/// Orders whose message the broker has not confirmed yet. An entry is leased, published, and removed once it is confirmed; a lease
/// that its holder did not live to end runs out. So a message may be sent twice and is never lost.
/// </summary>
/// <param name="database">Where it stands.</param>
/// <param name="lease">How long an entry is left to whoever leased it.</param>
public sealed class Outbox(Database database, TimeSpan lease)
{
    private const string LeaseNext =
        """
        update outbox set leased_until = now() + $2
        where order_id in (
            select order_id from outbox where leased_until is null or leased_until < now()
            order by order_id limit $1 for update skip locked)
        returning order_id
        """;

    /// <summary>Leases the oldest entries that nobody else holds.</summary>
    /// <param name="limit">How many at most.</param>
    public Task<List<Guid>> LeaseAsync(int limit) => database.RunAsync(async (connection, token) =>
    {
        await using var update = new NpgsqlCommand(LeaseNext, connection)
        {
            Parameters = { new() { Value = limit }, new() { Value = lease } },
        };
        var orders = new List<Guid>();
        await using var reader = await update.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            orders.Add(reader.GetGuid(0));
        }

        return orders;
    });

    /// <summary>Removes what was confirmed, and gives back the rest.</summary>
    public Task EndAsync(IReadOnlyCollection<Guid> confirmed, IReadOnlyCollection<Guid> rest) => database.RunAsync(async (connection, token) =>
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("delete from outbox where order_id = any($1)") { Parameters = { new() { Value = confirmed.ToArray() } } },
                new("update outbox set leased_until = null where order_id = any($1)") { Parameters = { new() { Value = rest.ToArray() } } },
            },
        };
        return await batch.ExecuteNonQueryAsync(token);
    });
}
