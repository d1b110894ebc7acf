using Candor.Contract;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health;

/// <summary>The requests of users: those in flight, and how many were answered by class of status.</summary>
/// <remarks>Striped by thread, with pooled entries: what every request pays is one uncontended lock twice and no allocation.</remarks>
internal sealed class RequestLedger(WatchdogLimits limits, TimeProvider active)
{
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => new Stripe())];
    private readonly long[] _answered = new long[6];

    /// <summary>Requests in flight.</summary>
    public int InFlight => _stripes.Sum(stripe => stripe.Count);

    /// <summary>Requests in flight that are older than the limit and have not begun to answer: a long download is not stuck.</summary>
    public int Stuck
    {
        get
        {
            var now = active.GetTimestamp();
            return _stripes.Sum(stripe => stripe.Older(active, now, limits.StuckRequestAge));
        }
    }

    /// <summary>Answers of a class, 1 for 1xx to 5 for 5xx.</summary>
    public long Answered(int statusClass) => Interlocked.Read(ref _answered[statusClass]);

    /// <summary>A request came. Give the entry back to <see cref="End"/>.</summary>
    public Entry Begin(IHttpResponseFeature response)
    {
        var stripe = _stripes[Environment.CurrentManagedThreadId % _stripes.Length];
        return stripe.Add(active.GetTimestamp(), response);
    }

    /// <summary>It was answered with <paramref name="status"/>, or was given up by the client when null.</summary>
    public void End(Entry entry, int? status)
    {
        entry.Owner.Remove(entry);
        if (status is >= 100 and <= 599)
        {
            Interlocked.Increment(ref _answered[status.Value / 100]);
        }
    }

    /// <summary>One request in flight.</summary>
    internal sealed class Entry(Stripe owner)
    {
        public Stripe Owner { get; } = owner;

        public long StartedAt { get; set; }

        public IHttpResponseFeature? Response { get; set; }

        public Entry? Next { get; set; }

        public Entry? Previous { get; set; }
    }

    /// <summary>A list of requests, the newest first.</summary>
    internal sealed class Stripe
    {
        private readonly Lock _gate = new();
        private Entry? _newest;
        private Entry? _free;
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Entry Add(long now, IHttpResponseFeature response)
        {
            lock (_gate)
            {
                var entry = _free ?? new(this);
                _free = entry.Next;
                entry.StartedAt = now;
                entry.Response = response;
                entry.Previous = null;
                entry.Next = _newest;
                if (_newest is not null)
                {
                    _newest.Previous = entry;
                }

                _newest = entry;
                _count++;
                return entry;
            }
        }

        public void Remove(Entry entry)
        {
            lock (_gate)
            {
                if (entry.Previous is { } previous)
                {
                    previous.Next = entry.Next;
                }
                else
                {
                    _newest = entry.Next;
                }

                if (entry.Next is { } next)
                {
                    next.Previous = entry.Previous;
                }

                entry.Response = null;
                entry.Previous = null;
                entry.Next = _free;
                _free = entry;
                _count--;
            }
        }

        public int Older(TimeProvider active, long now, TimeSpan age)
        {
            lock (_gate)
            {
                var older = 0;
                for (var entry = _newest; entry is not null; entry = entry.Next)
                {
                    if (active.GetElapsedTime(entry.StartedAt, now) >= age && entry.Response is { HasStarted: false })
                    {
                        older++;
                    }
                }

                return older;
            }
        }
    }
}
