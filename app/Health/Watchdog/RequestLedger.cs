using Candor.Contract;
using Candor.Health.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Watchdog;

/// <summary>The requests of users: those in flight, and how many were answered by class of status.</summary>
/// <remarks>Striped by thread, with pooled entries: what every request pays is one uncontended lock twice and no allocation.</remarks>
internal sealed class RequestLedger(WatchdogLimits limits, TimeProvider active)
{
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => new Stripe())];
    private readonly long[] _answered = new long[6];

    /// <summary>Requests in flight.</summary>
    public int InFlight => _stripes.Sum(stripe => stripe.Count);

    /// <summary>
    /// Requests in flight that are older than the limit and have not begun to answer: a long download is not stuck. Time in which the
    /// client was waited for does not count.
    /// </summary>
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
    /// <remarks>It is the request's <see cref="IEndpointFeature"/> meanwhile, so that the endpoint is known as soon as routing has found it.</remarks>
    internal sealed class Entry(Stripe owner) : IEndpointFeature
    {
        private Endpoint? _current;

        public Stripe Owner { get; } = owner;

        public long StartedAt { get; set; }

        /// <summary>True when the app said that the request is answered with an error to shed load.</summary>
        public bool Shed { get; private set; }


        public IHttpResponseFeature? Response { get; set; }

        public Entry? Next { get; set; }

        public Entry? Previous { get; set; }

        /// <summary>The endpoint that the request was first routed to; an exception handler takes it away again and may set another.</summary>
        public Endpoint? RoutedTo { get; private set; }

        /// <summary>True when the request may take as long as it likes.</summary>
        public bool IsLongRunning => RoutedTo?.Metadata.GetMetadata<LongRunningAttribute>() is not null;

        Endpoint? IEndpointFeature.Endpoint
        {
            get => _current;
            set
            {
                _current = value;
                RoutedTo ??= value;
            }
        }

        private long _waitingSince;
        private long _waited;

        public void MarkShed() => Shed = true;

        /// <summary>From here on the app waits for the client to send.</summary>
        public void BeginClientWait(long now) => Volatile.Write(ref _waitingSince, now);

        /// <summary>The client has sent.</summary>
        public void EndClientWait(long now)
        {
            // In this order a reader in between takes the wait off twice and sees the request too young, never too old.
            Volatile.Write(ref _waited, _waited + (now - _waitingSince));
            Volatile.Write(ref _waitingSince, 0);
        }

        /// <summary>The timestamp that the age counts from: the start, later by every wait for the client.</summary>
        public long AgesFrom(long now)
        {
            var since = Volatile.Read(ref _waitingSince);
            return StartedAt + Volatile.Read(ref _waited) + (since == 0 ? 0 : now - since);
        }

        /// <summary>Makes it the entry of another request.</summary>
        public void Begin(long now, IHttpResponseFeature response)
        {
            StartedAt = now;
            Response = response;
            Shed = false;
            _current = null;
            RoutedTo = null;
            _waited = 0;
            _waitingSince = 0;
        }
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
                entry.Begin(now, response);
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
                    if (active.GetElapsedTime(entry.AgesFrom(now), now) >= age && entry.Response is { HasStarted: false } && !entry.IsLongRunning)
                    {
                        older++;
                    }
                }

                return older;
            }
        }
    }
}
