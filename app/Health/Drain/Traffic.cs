namespace Candor.Health.Drain;

/// <summary>When users last asked for something.</summary>
internal sealed class Traffic(TimeProvider time)
{
    private long _last = long.MinValue;

    /// <summary>Time since the last request began; very long when there was none.</summary>
    public TimeSpan SinceLastRequest => Volatile.Read(ref _last) is var last && last == long.MinValue ? TimeSpan.MaxValue : time.GetElapsedTime(last);

    /// <summary>A request began.</summary>
    public void RecordRequest() => Volatile.Write(ref _last, time.GetTimestamp());
}
