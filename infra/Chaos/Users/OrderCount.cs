using System.Globalization;
using Npgsql;

namespace Candor.Chaos.Users;

/// <summary>What the database says of the orders that users were told are accepted.</summary>
/// <param name="Accepted">Answered with 201.</param>
/// <param name="Stored">Of these, in the database.</param>
/// <param name="Processed">Of these, processed.</param>
/// <param name="Twice">Items that stand there more than once.</param>
/// <param name="Waiting">Entries of the outbox, of anybody.</param>
internal sealed record OrderCount(int Accepted, int Stored, int Processed, int Twice, int Waiting)
{
    /// <summary>Whether every accepted order is there once and was processed.</summary>
    public bool Complete => Stored == Accepted && Processed == Accepted && Twice == 0;

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Accepted} accepted, {Stored} stored, {Processed} processed{(Twice > 0 ? $", {Twice} twice" : string.Empty)}{(Waiting > 0 ? $", {Waiting} in the outbox" : string.Empty)}");

    /// <summary>Counts.</summary>
    public static async Task<OrderCount> OfAsync(NpgsqlDataSource database, IReadOnlyCollection<Guid> accepted, string mark, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select (select count(*) from orders where id = any($1)),
                   (select count(*) from orders where id = any($1) and processed_at is not null),
                   (select count(*) from (select item from orders where item like $2 group by item having count(*) > 1) as twice),
                   (select count(*) from outbox)
            """);
        command.Parameters.AddWithValue(accepted.ToArray());
        command.Parameters.AddWithValue(mark + "-%");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(accepted.Count, (int)reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2), (int)reader.GetInt64(3));
    }
}

/// <summary>How old the oldest open item of background work was, at one moment.</summary>
/// <param name="Operation">The work.</param>
/// <param name="At">Seconds since the measurement began.</param>
/// <param name="OldestAge">In seconds; 0 when nothing is open.</param>
internal readonly record struct BackgroundSample(string Operation, double At, double OldestAge);

/// <summary>Watches the age of the oldest order that is not delivered, and of the oldest that is not processed, in the database itself.</summary>
internal sealed class BackgroundWatch(NpgsqlDataSource database, Func<double> now, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private readonly List<BackgroundSample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _run = Task.CompletedTask;

    public IReadOnlyList<BackgroundSample> Samples
    {
        get
        {
            lock (_gate)
            {
                return [.. _samples];
            }
        }
    }

    public void Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var last = (Deliver: 0.0, Process: 0.0, At: now());
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var command = database.CreateCommand(
                    """
                    select coalesce(extract(epoch from now() - min(o.created_at)), 0)::float8 from outbox join orders o on o.id = outbox.order_id;
                    select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from orders where processed_at is null
                    """);
                command.CommandTimeout = 2;
                await using var reader = await command.ExecuteReaderAsync(_stop.Token);
                await reader.ReadAsync(_stop.Token);
                var deliver = reader.GetDouble(0);
                await reader.NextResultAsync(_stop.Token);
                await reader.ReadAsync(_stop.Token);
                last = (deliver, reader.GetDouble(0), now());
                Add(last.Deliver, last.Process);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                // What cannot be seen has not become younger, if there was anything.
                var since = now() - last.At;
                Add(last.Deliver > 0 ? last.Deliver + since : 0, last.Process > 0 ? last.Process + since : 0);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(_pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Add(double deliver, double process)
    {
        lock (_gate)
        {
            _samples.Add(new(Catalogue.Operations.Deliver, now(), deliver));
            _samples.Add(new(Catalogue.Operations.Process, now(), process));
        }
    }
}
