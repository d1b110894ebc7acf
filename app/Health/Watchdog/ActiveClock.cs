namespace Candor.Health.Watchdog;

/// <summary>
/// A clock that stops while the process does: a stopped process (SIGSTOP, a frozen machine) attributes to no dependency the time
/// that passed meanwhile. Deadlines and ages of requests are counted by it; ages of answers never are.
/// </summary>
/// <param name="time">The real clock.</param>
/// <param name="allowance">How far it runs on without a <see cref="Tick"/>.</param>
internal sealed class ActiveClock(TimeProvider time, TimeSpan allowance) : TimeProvider
{
    private readonly long _allowance = (long)(allowance.TotalSeconds * time.TimestampFrequency);
    private Mark _mark = new(time.GetTimestamp(), 0);

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>How long the process has stood still in all.</summary>
    public TimeSpan Paused => time.GetElapsedTime(0, Volatile.Read(ref _mark).Paused);

    /// <summary>Records that the process runs. Called by one thread, much more often than the allowance.</summary>
    public void Tick()
    {
        var now = time.GetTimestamp();
        var mark = _mark;
        var excess = now - mark.At - _allowance;
        Volatile.Write(ref _mark, new(now, excess > 0 ? mark.Paused + excess : mark.Paused));
    }

    public override long GetTimestamp()
    {
        var mark = Volatile.Read(ref _mark);
        return Math.Min(time.GetTimestamp(), mark.At + _allowance) - mark.Paused;
    }

    /// <summary>The time of the wall less all pauses: for what compares times of the wall, as circuit breakers do.</summary>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() - Elapsed(time.GetTimestamp() - GetTimestamp());

    private TimeSpan Elapsed(long ticks) => time.GetElapsedTime(0, ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);

    private sealed record Mark(long At, long Paused);
}
