namespace Candor.Local;

/// <summary>What users got within one look at the balancer.</summary>
/// <param name="Sequence">Counts the samples.</param>
/// <param name="At">When it was looked.</param>
/// <param name="Rate">Requests answered a second.</param>
/// <param name="Failures">Of them those answered 5xx, the balancer's own included.</param>
/// <param name="Latency">Mean time of the last 1,024 requests in milliseconds, or null when there was none.</param>
internal sealed record UserSample(long Sequence, DateTimeOffset At, double Rate, double Failures, double? Latency);

/// <summary>Something that takes its time: a rollout, a pod that leaves, or a fault that was made.</summary>
/// <param name="Id">Counts them.</param>
/// <param name="Kind"><c>rollout</c>, <c>drain</c> or <c>fault</c>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end, or null while it goes on.</param>
/// <param name="Outcome">How it ended; empty while it goes on.</param>
internal sealed record PageSpan(long Id, string Kind, string Subject, DateTimeOffset From, DateTimeOffset? To, string Outcome);

/// <summary>What the status page shows beside probes and the present: events, what users got, rollouts and drains; a bounded number of each.</summary>
internal sealed class PageHistory(TimeProvider time) : IProgress<LocalEvent>
{
    private const int MostEvents = 500;
    private const int MostSamples = 900;
    private const int MostSpans = 200;

    private readonly Lock _gate = new();
    private readonly Queue<(long Sequence, LocalEvent Event)> _events = [];
    private readonly Queue<UserSample> _samples = [];
    private readonly List<PageSpan> _spans = [];
    private UserTotals? _before;
    private DateTimeOffset _beforeAt;
    private long _sequence;

    /// <inheritdoc />
    public void Report(LocalEvent value)
    {
        lock (_gate)
        {
            Keep(_events, (++_sequence, value), MostEvents);
        }
    }

    /// <summary>Keeps what the balancer counted since it was last looked at.</summary>
    public void Add(UserTotals totals)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            // A new process counts from nothing.
            if (_before is { } before && totals.Requests >= before.Requests && now > _beforeAt)
            {
                var seconds = (now - _beforeAt).TotalSeconds;
                Keep(_samples, new(++_sequence, now, (totals.Requests - before.Requests) / seconds, Math.Max(0, totals.Failures - before.Failures) / seconds, totals.Latency), MostSamples);
            }

            (_before, _beforeAt) = (totals, now);
        }
    }

    /// <summary>Follows rollouts, pods that leave, and faults that were made.</summary>
    public void Follow(LocalStatus status, IReadOnlyList<MadeFault> faults)
    {
        lock (_gate)
        {
            foreach (var workload in status.Workloads)
            {
                Span("rollout", $"{workload.Kind} {workload.Name}", workload.State == RolloutState.Progressing, workload.State == RolloutState.Failed ? "failed" : "complete");
            }

            var leaving = status.Pods.Where(pod => pod.Phase == nameof(PodPhase.Terminating)).Select(pod => pod.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var pod in leaving.Concat(_spans.Where(span => span is { Kind: "drain", To: null }).Select(span => span.Subject)).ToHashSet(StringComparer.Ordinal))
            {
                Span("drain", pod, leaving.Contains(pod), "gone");
            }

            var made = faults.Select(fault => fault.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var fault in made.Concat(_spans.Where(span => span is { Kind: "fault", To: null }).Select(span => span.Subject)).ToHashSet(StringComparer.Ordinal))
            {
                Span("fault", fault, made.Contains(fault), "ended");
            }
        }
    }

    /// <summary>Everything of events and samples that is younger than a sequence number, every span, and the number to go on from.</summary>
    public (IReadOnlyList<LocalEvent> Events, IReadOnlyList<UserSample> Samples, IReadOnlyList<PageSpan> Spans, long Last) Since(long sequence)
    {
        lock (_gate)
        {
            return (
                [.. _events.Where(entry => entry.Sequence > sequence).Select(entry => entry.Event)],
                [.. _samples.Where(sample => sample.Sequence > sequence)],
                [.. _spans],
                _sequence);
        }
    }

    private void Span(string kind, string subject, bool goesOn, string outcome)
    {
        var at = _spans.FindLastIndex(span => span.Kind == kind && span.Subject == subject && span.To is null);
        if (goesOn && at < 0)
        {
            _spans.Add(new(++_sequence, kind, subject, time.GetUtcNow(), null, string.Empty));
            if (_spans.Count > MostSpans)
            {
                _spans.RemoveAt(0);
            }
        }
        else if (!goesOn && at >= 0)
        {
            _spans[at] = _spans[at] with { To = time.GetUtcNow(), Outcome = outcome };
            _sequence++;
        }
    }

    private static void Keep<T>(Queue<T> queue, T item, int most)
    {
        queue.Enqueue(item);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }
}

/// <summary>What the balancer has counted since it started.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Failures">Of them those answered 5xx.</param>
/// <param name="Latency">Mean time of the last 1,024 in milliseconds, or null when there was none.</param>
internal sealed record UserTotals(long Requests, long Failures, double? Latency);
