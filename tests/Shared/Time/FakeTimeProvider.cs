namespace Candor.Testing.Time;

/// <summary>A clock that moves only when a test says so. Timers that come due fire within <see cref="Advance"/>, on its thread.</summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _elapsed = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50) + TimeSpan.FromTicks(GetTimestamp());

    /// <summary>Timers that wait to fire: a test that advances only when there is one cannot outrun the code it tests.</summary>
    public int Armed
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.Due is not null);
            }
        }
    }

    /// <summary>Moves on step by step, firing each timer at the moment it is due.</summary>
    public void Advance(TimeSpan by)
    {
        var end = TimeSpan.FromTicks(GetTimestamp()) + by;
        while (Next(end) is { } timer)
        {
            timer.Fire();
        }

        Set(end);
    }

    /// <summary>Moves on at once, as after a pause of the process: timers that came due meanwhile fire late.</summary>
    public void Jump(TimeSpan by)
    {
        Set(TimeSpan.FromTicks(GetTimestamp()) + by);
        Advance(TimeSpan.Zero);
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    private void Set(TimeSpan elapsed)
    {
        lock (_gate)
        {
            _elapsed = elapsed;
        }
    }

    private Timer? Next(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null && next.Due > _elapsed)
            {
                _elapsed = next.Due.Value;
            }

            next?.Rearm(_elapsed);
            return next;
        }
    }

    private sealed class Timer(FakeTimeProvider clock, Action fire) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Due = dueTime < TimeSpan.Zero ? null : clock._elapsed + dueTime;
                _period = period;
            }

            return true;
        }

        public void Rearm(TimeSpan now) => Due = _period > TimeSpan.Zero ? now + _period : null;

        public void Fire() => fire();

        public void Dispose()
        {
            lock (clock._gate)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
