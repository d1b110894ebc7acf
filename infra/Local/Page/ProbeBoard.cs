namespace Candor.Local;

/// <summary>Who asks a pod how it is.</summary>
internal enum ProberKind
{
    Balancer,
    Readiness,
    Liveness,
    Startup,
}

/// <summary>One answer that a prober got.</summary>
/// <param name="Sequence">Counts all answers of the run, so that a reader can say from where on it wants them.</param>
/// <param name="At">When it came, or was given up.</param>
/// <param name="Pod">Who was asked.</param>
/// <param name="Prober">Who asked.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Message">What was seen, for people.</param>
internal sealed record ProbeMark(long Sequence, DateTimeOffset At, string Pod, ProberKind Prober, bool Passed, TimeSpan Took, string Message);

/// <summary>
/// The last answers of every prober of every pod, for whoever looks. It holds a fixed number of each, however many pods there are, how
/// often they are asked and how long it runs.
/// </summary>
internal sealed class ProbeBoard(TimeProvider time)
{
    /// <summary>Answers of one prober of one pod: 15 minutes of one every 1.5 s.</summary>
    public const int MarksPerLane = 600;

    /// <summary>Lanes of pods that are there and that were: the longest unused goes first.</summary>
    public const int MostLanes = 1200;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Pod, ProberKind Prober), Queue<ProbeMark>> _lanes = [];
    private long _sequence;

    /// <summary>Keeps an answer.</summary>
    public void Add(string pod, ProberKind prober, bool passed, TimeSpan took, string message)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue((pod, prober), out var lane))
            {
                if (_lanes.Count >= MostLanes)
                {
                    _lanes.Remove(_lanes.MinBy(entry => entry.Value.Last().Sequence).Key);
                }

                _lanes[(pod, prober)] = lane = new();
            }

            lane.Enqueue(new(++_sequence, time.GetUtcNow(), pod, prober, passed, took, message));
            if (lane.Count > MarksPerLane)
            {
                lane.Dequeue();
            }
        }
    }

    /// <summary>What is kept and younger than a sequence number, oldest first, and the number to go on from.</summary>
    public (IReadOnlyList<ProbeMark> Marks, long Last) Since(long sequence)
    {
        lock (_gate)
        {
            return sequence == _sequence
                ? ([], _sequence)
                : ([.. _lanes.Values.SelectMany(lane => lane.Reverse().TakeWhile(mark => mark.Sequence > sequence)).OrderBy(mark => mark.Sequence)], _sequence);
        }
    }
}
