using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;

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

    /// <summary>
    /// Looks at every request in flight: notes which have begun to answer, and gives those that are at least <paramref name="age"/> old, have not, and may not take
    /// as long as they like. Called by one thread.
    /// </summary>
    public void Look(TimeSpan age, Action<Entry, TimeSpan> old)
    {
        var now = active.GetTimestamp();
        foreach (var stripe in _stripes)
        {
            stripe.Look(active, now, age, old);
        }
    }

    /// <summary>Answers of a class, 1 for 1xx to 5 for 5xx.</summary>
    public long Answered(int statusClass) => Interlocked.Read(ref _answered[statusClass]);

    /// <summary>A request came. Give the entry back to <see cref="End"/>.</summary>
    /// <param name="response">Its response.</param>
    /// <param name="method">Its method.</param>
    /// <param name="canary">Its number when it is a canary of the process's own.</param>
    public Entry Begin(IHttpResponseFeature response, string method = "GET", int? canary = null)
    {
        var stripe = _stripes[Environment.CurrentManagedThreadId % _stripes.Length];
        return stripe.Add(active.GetTimestamp(), response, method, canary);
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

        public string Method { get; private set; } = "";

        /// <summary>The number of the canary that it is; null for a user's request.</summary>
        public int? Canary { get; private set; }

        public bool IsCanary => Canary is not null;

        /// <summary>True when the app reported that the request is answered with an error to shed load.</summary>
        public bool Shed { get; private set; }

        /// <summary>The failure that the app reported for the request.</summary>
        public Exception? ReportedException { get; private set; }

        /// <summary>The cause that the app reported for it.</summary>
        public FailureCause? ReportedCause { get; private set; }

        /// <summary>True when the client asked for nothing but server-sent events, of which the first may be long in coming.</summary>
        public bool WantsEvents { get; set; }

        public IHttpResponseFeature? Response { get; set; }

        public Entry? Next { get; set; }

        public Entry? Previous { get; set; }

        /// <summary>The endpoint that the request was first routed to; an exception handler takes it away again and may set another.</summary>
        public Endpoint? RoutedTo { get; private set; }

        /// <summary>True when the request may take as long as it likes.</summary>
        public bool IsLongRunning => WantsEvents || LongRunning.Is(RoutedTo);

        Endpoint? IEndpointFeature.Endpoint
        {
            get => _current;
            set
            {
                // A canary takes no permit of the rate limiter, and is not turned away there: only users' load is to be shed.
                _current = IsCanary && value is RouteEndpoint route ? WithoutRateLimit(route) : value;
                RoutedTo ??= value;
            }
        }

        private static RouteEndpoint WithoutRateLimit(RouteEndpoint route) => new(
            route.RequestDelegate!,
            route.RoutePattern,
            route.Order,
            new([.. route.Metadata.Where(item => item is not EnableRateLimitingAttribute), new DisableRateLimitingAttribute()]),
            route.DisplayName);

        private long _waitingSince;
        private long _waited;

        // When the answer was last seen not to have begun, and whether it was seen to have.
        private long _notBegunAt;
        private bool _begun;

        public void MarkShed() => Shed = true;

        /// <summary>The first one reported counts: later ones are consequences.</summary>
        public void Report(Exception? exception, FailureCause? cause)
        {
            if (ReportedException is null && ReportedCause is null)
            {
                ReportedException = exception;
                ReportedCause = cause;
            }
        }

        /// <summary>
        /// The time to the first byte of the answer, without waits for the client. A response that is still being written when the watchdog looks is timed to the look before:
        /// a client that reads slowly must not make the app slow.
        /// </summary>
        public TimeSpan TimeToAnswer(TimeProvider active, long now)
        {
            var from = AgesFrom(now);
            var to = Volatile.Read(ref _begun) ? Math.Max(from, Volatile.Read(ref _notBegunAt)) : now;
            return active.GetElapsedTime(from, to);
        }

        internal void NoteAnswer(long now)
        {
            if (_begun)
            {
                return;
            }

            if (Response is { HasStarted: true })
            {
                Volatile.Write(ref _begun, true);
            }
            else
            {
                Volatile.Write(ref _notBegunAt, now);
            }
        }

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
        public void Begin(long now, IHttpResponseFeature response, string method, int? canary)
        {
            Method = method;
            Canary = canary;
            ReportedException = null;
            ReportedCause = null;
            _notBegunAt = now;
            _begun = false;
            StartedAt = now;
            Response = response;
            Shed = false;
            WantsEvents = false;
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

        public Entry Add(long now, IHttpResponseFeature response, string method, int? canary)
        {
            lock (_gate)
            {
                var entry = _free ?? new(this);
                _free = entry.Next;
                entry.Begin(now, response, method, canary);
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

        public void Look(TimeProvider active, long now, TimeSpan age, Action<Entry, TimeSpan> old)
        {
            lock (_gate)
            {
                for (var entry = _newest; entry is not null; entry = entry.Next)
                {
                    entry.NoteAnswer(now);
                    var since = active.GetElapsedTime(entry.AgesFrom(now), now);
                    if (since >= age && entry.Response is { HasStarted: false } && !entry.IsLongRunning)
                    {
                        old(entry, since);
                    }
                }
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
