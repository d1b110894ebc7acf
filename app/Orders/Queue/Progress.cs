using Candor.Orders.Storage;

namespace Candor.Orders.Queue;

/// <summary>How the background work fares: when it last got something done, and how old its oldest open item is.</summary>
public sealed class Progress(TimeProvider time)
{
    private Seen? _ages;
    private long _delivered;
    private long _processed;

    /// <summary>When a message was last confirmed by the broker, by this instance; null when none was.</summary>
    public TimeSpan? SinceDelivered => Since(ref _delivered);

    /// <summary>When an order was last processed by this instance; null when none was.</summary>
    public TimeSpan? SinceProcessed => Since(ref _processed);

    /// <summary>The ages as last read, and how long ago; null before the first time.</summary>
    public (OutboxAges Ages, TimeSpan Ago)? Latest => Volatile.Read(ref _ages) is { } seen ? (seen.Ages, time.GetElapsedTime(seen.At)) : null;

    /// <summary>A message was confirmed.</summary>
    public void Delivered() => Interlocked.Exchange(ref _delivered, time.GetTimestamp());

    /// <summary>An order was processed.</summary>
    public void Processed() => Interlocked.Exchange(ref _processed, time.GetTimestamp());

    /// <summary>The ages were read.</summary>
    public void Read(OutboxAges ages) => Volatile.Write(ref _ages, new(ages, time.GetTimestamp()));

    private TimeSpan? Since(ref long timestamp) => Interlocked.Read(ref timestamp) is var at and not 0 ? time.GetElapsedTime(at) : null;

    private sealed record Seen(OutboxAges Ages, long At);
}
