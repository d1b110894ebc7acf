using Candor.Contract;
using Candor.Orders.Resilience;
using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>
/// Every call of the service to its database: one pool, and in front of it a gate as wide as the pool, and for each kind of work a
/// deadline and a breaker.
/// </summary>
/// <remarks>
/// No call takes the caller's token: a user who goes away must neither leave the breaker with a wrong verdict nor a write undone,
/// and the deadline bounds the work anyway.
/// </remarks>
public sealed class Database(
    NpgsqlDataSource source, ConnectionGate gate, Func<WorkKind, Guard> guards, HealthContract contract, TimeProvider time)
{
    // Of the deadline: for how long a server that restarts is waited for, so that there is time to say that it did not, and how often.
    private const double RestartShare = 0.7;
    private const double RestartPause = 0.05;

    // Connections that one call may lose: a statement that ends every one of them must not end all of the pool's.
    private const int MostLosses = 4;

    private readonly TimeSpan _timeout = contract.Timeout(OrdersContract.Database);
    private readonly Lock _clearing = new();
    private long? _clearedAt;

    /// <summary>Runs <paramref name="work"/> on a connection of the pool.</summary>
    /// <param name="kind">The kind of work.</param>
    /// <param name="work">
    /// The work. It is done again when the connection was lost meanwhile, so doing it twice must be the same as once.
    /// </param>
    /// <exception cref="PoolSaturatedException">Every connection stayed in use for as long as a caller may wait.</exception>
    /// <exception cref="Polly.Timeout.TimeoutRejectedException">The work outlasted the deadline and was abandoned.</exception>
    /// <exception cref="CircuitOpenException">The breaker is open; nothing was tried.</exception>
    public async Task<T> RunAsync<T>(WorkKind kind, Func<NpgsqlConnection, CancellationToken, Task<T>> work)
    {
        var guard = guards(kind);
        // Before the gate: with the database away its places are held by calls that wait for nothing.
        guard.ThrowIfOpen();
        var place = await gate.EnterAsync();
        try
        {
            return await guard.RunAsync(token => OnConnectionAsync(place, work, token).WaitAsync(token));
        }
        catch (Exception unanswered) when (DatabaseFailures.IsUnanswered(unanswered))
        {
            // The server's own limits are shorter than ours, so that a slow one still answers: this is silence. Behind a firewall that
            // has lost its state every idle connection is as dead, and each would cost a caller the whole deadline.
            ClearPool(_timeout);
            throw;
        }
        finally
        {
            place.LeaveUnlessWorking();
        }
    }

    /// <summary>Runs a trial of a guard, which stands in front of it already.</summary>
    /// <returns>False when no connection became free for it, so that nothing was tried.</returns>
    public async Task<bool> TryAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken token)
    {
        ConnectionGate.Place place;
        try
        {
            place = await gate.EnterAsync();
        }
        catch (PoolSaturatedException)
        {
            return false;
        }

        try
        {
            await OnConnectionAsync(place, work, token).WaitAsync(token);
            return true;
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
        var began = time.GetTimestamp();
        var losses = 0;
        try
        {
            while (true)
            {
                try
                {
                    return await OnceAsync(work, token);
                }
                catch (ConnectionLostException lost)
                {
                    if (++losses == MostLosses || token.IsCancellationRequested || time.GetElapsedTime(began) >= _timeout * RestartShare)
                    {
                        throw lost.InnerException!;
                    }

                    // A restarted server, or a network that reset it: the others in the pool are lost too, and a new one is not.
                    ClearPool(_timeout * RestartPause);
                }
                catch (NpgsqlException refused) when (DatabaseFailures.IsRestarting(refused)
                    && time.GetElapsedTime(began) < _timeout * RestartShare)
                {
                    // Nothing was done yet. A server that is back within the deadline costs a user some time, and no request.
                    await Task.Delay(_timeout * RestartPause, time, token);
                }
            }
        }
        finally
        {
            place.Leave();
        }
    }

    private async Task<T> OnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken token)
    {
        await using var connection = await source.OpenConnectionAsync(token);
        try
        {
            return await work(connection, token);
        }
        catch (Exception lost) when (DatabaseFailures.IsBroken(lost))
        {
            throw new ConnectionLostException(lost);
        }
    }

    // Not in every call, or the pool would never be one.
    private void ClearPool(TimeSpan atMostEvery)
    {
        lock (_clearing)
        {
            if (_clearedAt is { } at && time.GetElapsedTime(at) < atMostEvery)
            {
                return;
            }

            _clearedAt = time.GetTimestamp();
        }

        source.Clear();
    }

    /// <summary>A connection that had been opened was lost in the middle of the work; never leaves this class.</summary>
    private sealed class ConnectionLostException(Exception inner) : Exception(null, inner);
}
