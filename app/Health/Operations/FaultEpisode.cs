namespace Candor.Health.Operations;

/// <summary>
/// The time from a first failure until there is evidence that what caused it is gone. How much evidence is needed depends on the share that
/// failed: after a total outage three successes are enough; where one request in five failed, a few successes in a row mean nothing.
/// Not safe for several threads at once.
/// </summary>
/// <param name="timing">How long things must last.</param>
internal sealed class FaultEpisode(EpisodeTiming timing)
{
    /// <summary>Successes without which nothing is called repaired.</summary>
    public const int MinimumSuccesses = 3;

    // The chance that an unrepaired fault is called repaired after one of its failures: (1 − share)^successes.
    private const double Doubt = 1e-4;

    private int _failures;
    private int _successes;
    private int _successesSinceFailure;

    /// <summary>True from the first failure on.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>When the first failure was.</summary>
    public long Began { get; private set; }

    /// <summary>When the latest failure was.</summary>
    public long LastFailure { get; private set; }

    /// <summary>True when the latest failure was a moment ago, and whether it is one of several is still to be seen.</summary>
    public bool IsRecent(long now) => IsOpen && now - LastFailure < timing.ShortestQuiet * 3;

    /// <summary>True when failures have been coming for long enough not to be a hiccup.</summary>
    public bool IsSustained(long now) =>
        IsOpen && LastFailure - Began >= timing.Sustained && now - LastFailure < timing.LongestQuiet;

    public void Fail(long now)
    {
        if (!IsOpen)
        {
            IsOpen = true;
            Began = now;
        }

        LastFailure = now;
        _failures++;
        _successes += _successesSinceFailure;
        _successesSinceFailure = 0;
    }

    public void Succeed()
    {
        if (IsOpen)
        {
            _successesSinceFailure++;
        }
    }

    /// <summary>Whether what happened since the last failure shows that the fault is gone.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="withoutEvidence">How long a quiet time counts as repair when nothing was tried since; the instance may get no requests any more.</param>
    public bool IsRepaired(long now, long withoutEvidence)
    {
        if (!IsOpen)
        {
            return true;
        }

        var quiet = now - LastFailure;
        if (_successesSinceFailure < MinimumSuccesses)
        {
            return quiet >= withoutEvidence;
        }

        var share = Math.Min(0.999, (double)_failures / (_failures + _successes));
        return quiet >= timing.LongestQuiet || (quiet >= timing.ShortestQuiet && Math.Pow(1 - share, _successesSinceFailure) <= Doubt);
    }

    public void Close()
    {
        IsOpen = false;
        _failures = 0;
        _successes = 0;
        _successesSinceFailure = 0;
    }
}

/// <summary>Times of an episode, in ticks of its clock.</summary>
/// <param name="Sustained">Failures that all come within less are a hiccup: a connection that was reset, a restart of under a second.</param>
/// <param name="ShortestQuiet">No repair is accepted sooner after a failure.</param>
/// <param name="LongestQuiet">With a few successes, a repair is accepted at the latest after this.</param>
internal sealed record EpisodeTiming(long Sustained, long ShortestQuiet, long LongestQuiet)
{
    /// <summary>
    /// The times by the contract's freshness, the unit in which an instance can change its mind at all. With 1 s: a fault must last 1.5 s to
    /// be one (a database restarted in under a second is none), counts as repaired 1 s after its last failure at the soonest, and 8 s
    /// at the latest: where one request in ten fails, 8 s without a failure at 6 requests and canaries a second come by chance once in 150 times.
    /// </summary>
    public static EpisodeTiming OfRequests(TimeSpan freshness, TimeProvider clock) => By(freshness, clock, longestQuiet: 8);

    /// <summary>
    /// The same for background work, whose rounds come one after the other and mostly fail together: four freshness bounds without a failed
    /// round are a repair, so that the recovery stays within five.
    /// </summary>
    public static EpisodeTiming OfRounds(TimeSpan freshness, TimeProvider clock) => By(freshness, clock, longestQuiet: 4);

    private static EpisodeTiming By(TimeSpan freshness, TimeProvider clock, int longestQuiet)
    {
        var unit = freshness.TotalSeconds * clock.TimestampFrequency;
        return new((long)(unit * 1.5), (long)unit, (long)(unit * longestQuiet));
    }
}
