using System.Globalization;

namespace Candor.Orders.Storage;

/// <summary>
/// As many places as the pool has connections. Waiting here, and not inside the driver, distinguishes a saturated pool from a
/// database that does not answer.
/// </summary>
public sealed class ConnectionGate(int places, TimeSpan longestWait, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(places);
    private int _waiting;

    /// <summary>Callers that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a place.</summary>
    /// <exception cref="PoolSaturatedException">None became free in time.</exception>
    public async Task<Place> EnterAsync()
    {
        if (_free.Wait(0, CancellationToken.None))
        {
            return new Place(_free);
        }

        using var limit = new CancellationTokenSource(longestWait, time);
        Interlocked.Increment(ref _waiting);
        try
        {
            await _free.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PoolSaturatedException(places, longestWait);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return new Place(_free);
    }

    /// <inheritdoc />
    public void Dispose() => _free.Dispose();

    /// <summary>A place at the gate, given back once.</summary>
    public sealed class Place
    {
        private readonly SemaphoreSlim _free;
        private int _left;
        private bool _working;

        internal Place(SemaphoreSlim free) => _free = free;

        /// <summary>From here on the work gives the place back itself.</summary>
        public void Working() => _working = true;

        /// <summary>Gives the place back when the work was never started (the breaker was open).</summary>
        public void LeaveUnlessWorking()
        {
            if (!_working)
            {
                Leave();
            }
        }

        /// <summary>Gives the place back.</summary>
        public void Leave()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                _free.Release();
            }
        }
    }
}

/// <summary>Every database connection was in use for longer than a caller may wait. The database itself may be healthy.</summary>
public sealed class PoolSaturatedException(int connections, TimeSpan waited) : Exception(string.Create(
    CultureInfo.InvariantCulture, $"All {connections} database connections were in use for {waited.TotalMilliseconds:0} ms."));
