using Npgsql;
using Polly;

namespace Candor.Orders.Storage;

/// <summary>
/// Every call of the service to its database: one pool, and in front of it a gate as wide as the pool, a deadline and a breaker.
/// </summary>
/// <remarks>
/// No call takes the caller's token: a user who goes away must neither leave the breaker with a wrong verdict nor a write undone,
/// and the deadline bounds the work anyway.
/// </remarks>
public sealed class Database(NpgsqlDataSource source, ConnectionGate gate, ResiliencePipeline pipeline)
{
    /// <summary>Runs <paramref name="work"/> on a connection of the pool.</summary>
    /// <exception cref="PoolSaturatedException">Every connection stayed in use for as long as a caller may wait.</exception>
    /// <exception cref="Polly.Timeout.TimeoutRejectedException">The work outlasted the deadline and was abandoned.</exception>
    /// <exception cref="Polly.CircuitBreaker.BrokenCircuitException">The breaker is open; nothing was tried.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work)
    {
        var place = await gate.EnterAsync();
        try
        {
            return await pipeline.ExecuteAsync(
                async token => await OnConnectionAsync(place, work, token).WaitAsync(token), CancellationToken.None);
        }
        finally
        {
            place.LeaveUnlessWorking();
        }
    }

    // Abandoned work keeps its connection until the driver gives it back, so it keeps its place at the gate too.
    private async Task<T> OnConnectionAsync<T>(
        ConnectionGate.Place place, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken token)
    {
        place.Working();
        try
        {
            await using var connection = await source.OpenConnectionAsync(token);
            return await work(connection, token);
        }
        finally
        {
            place.Leave();
        }
    }
}
