namespace Candor.Health.Watchdog;

/// <summary>Measures how late the thread pool runs a work item, by queueing one behind all others and waiting for it.</summary>
/// <param name="active">The clock.</param>
/// <param name="queue">Queues a work item.</param>
/// <param name="waiting">Work items that wait; when there are none the pool cannot be late, and is left asleep. Null to measure always.</param>
internal sealed class PoolHeartbeat(TimeProvider active, Action<IThreadPoolWorkItem> queue, Func<long>? waiting = null) : IThreadPoolWorkItem
{
    private long _queuedAt;
    private long _lastDelay;
    private int _outstanding;

    /// <summary>How late the pool is: the wait of the work item that still waits, or of the last one that ran.</summary>
    public TimeSpan Delay
    {
        get
        {
            var last = TimeSpan.FromTicks(Interlocked.Read(ref _lastDelay));
            var waiting = SinceMoved;
            return waiting > last ? waiting : last;
        }
    }

    /// <summary>For how long the pool has run nothing that was queued; zero when nothing waits.</summary>
    public TimeSpan SinceMoved => Volatile.Read(ref _outstanding) == 1 ? active.GetElapsedTime(Interlocked.Read(ref _queuedAt), active.GetTimestamp()) : TimeSpan.Zero;

    /// <summary>Queues the next beat, unless one still waits. Called from outside the pool.</summary>
    public void Beat()
    {
        if (Volatile.Read(ref _outstanding) == 1)
        {
            return;
        }

        if (waiting?.Invoke() == 0)
        {
            Interlocked.Exchange(ref _lastDelay, 0);
        }
        else
        {
            Interlocked.Exchange(ref _queuedAt, active.GetTimestamp());
            Volatile.Write(ref _outstanding, 1);
            queue(this);
        }
    }

    public void Execute()
    {
        Interlocked.Exchange(ref _lastDelay, SinceMoved.Ticks);
        Volatile.Write(ref _outstanding, 0);
    }
}
