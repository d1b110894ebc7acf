using Candor.Contract;

namespace Candor.Health.Operations;

/// <summary>
/// Judges one aspect of an operation (errors, slowness, shed load) by its last results. A verdict that was given stands until the fault is repaired, so that
/// it does not change back and forth while the fault lasts, and is forgotten with it: nothing old outlives a repair.
/// Not safe for several threads at once.
/// </summary>
internal sealed class FaultJudge
{
    private readonly OperationLimits _limits;
    private readonly double _degradedShare;
    private readonly double _failingShare;
    private readonly ShareWindow _window;
    private readonly Readmission _readmission;
    private readonly long _sustained;
    private int _inARow;
    private long _rowBegan;

    /// <param name="limits">Counts and window.</param>
    /// <param name="degradedShare">Share of bad results from which it is degraded.</param>
    /// <param name="failingShare">Share from which it is failing; above 1 for never.</param>
    /// <param name="timing">Times of an episode.</param>
    /// <param name="readmission">How long without any evidence.</param>
    /// <param name="clock">The clock of the timestamps.</param>
    public FaultJudge(OperationLimits limits, double degradedShare, double failingShare, EpisodeTiming timing, Readmission readmission, TimeProvider clock)
    {
        _limits = limits;
        _degradedShare = degradedShare;
        _failingShare = failingShare;
        _readmission = readmission;
        _sustained = timing.Sustained;
        _window = new(limits.WindowCount, (long)(limits.Window.TotalSeconds * clock.TimestampFrequency));
        Episode = new(timing);
    }

    public FaultEpisode Episode { get; }

    public double Share => _window.Share;

    public int Count => _window.Count;

    /// <summary>The verdict as it was last read.</summary>
    public FaultLevel Level { get; private set; }

    public void Add(long now, bool bad)
    {
        _window.Add(now, bad);
        if (bad)
        {
            if (_inARow++ == 0)
            {
                _rowBegan = now;
            }

            Episode.Fail(now);
        }
        else
        {
            _inARow = 0;
            Episode.Succeed();
        }
    }

    /// <summary>Something else that shows that the fault may be gone.</summary>
    public void Support() => Episode.Succeed();

    /// <summary>The verdict now.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="atLeast">What is known from elsewhere (a canary, requests that are stuck).</param>
    public FaultLevel Read(long now, FaultLevel atLeast = FaultLevel.None)
    {
        _window.Expire(now);
        var seen = Seen(now);
        seen = seen > atLeast ? seen : atLeast;
        if (Level != FaultLevel.None && atLeast == FaultLevel.None && Episode.IsRepaired(now, _readmission.Delay))
        {
            _readmission.Readmitted(now);
            Forget();
            return Level;
        }

        if (seen > Level)
        {
            if (Level == FaultLevel.None)
            {
                _readmission.Excluded(now);
            }

            Level = seen;
        }
        else if (Level == FaultLevel.Failing && seen == FaultLevel.Degraded && _inARow == 0 && _window.Count >= _limits.MinimumCount && _window.Share < _failingShare / 2)
        {
            Level = FaultLevel.Degraded;
        }
        else if (Level == FaultLevel.None && _window.Bad == 0)
        {
            // Nothing came of it.
            Episode.Close();
        }

        return Level;
    }

    /// <summary>Forgets everything, because what caused it is known to be repaired.</summary>
    public void Forget()
    {
        Level = FaultLevel.None;
        _inARow = 0;
        _window.Clear();
        Episode.Close();
    }

    private FaultLevel Seen(long now)
    {
        if (!Episode.IsSustained(now))
        {
            return FaultLevel.None;
        }

        // Several in a row, and over some time: at 50 requests a second three of them come by chance as soon as one request in five fails.
        var row = _inARow >= _limits.ConsecutiveFailures && Episode.LastFailure - _rowBegan >= _sustained;
        var enough = _window.Count >= _limits.MinimumCount;
        if (_failingShare <= 1 && ((enough && _window.Share >= _failingShare) || row))
        {
            return FaultLevel.Failing;
        }

        return (enough && _window.Bad > 1 && _window.Share >= _degradedShare) || row ? FaultLevel.Degraded : FaultLevel.None;
    }
}

/// <summary>
/// How long an instance stays out when nothing can show that it is well again, because it gets no requests and no canary sees the fault:
/// the contract's readmission delay, doubled each time it fails again soon.
/// </summary>
internal sealed class Readmission(long first, long maximum)
{
    private long _readmittedAt = long.MinValue;
    private long _delay;

    public long Delay => _delay == 0 ? first : _delay;

    public void Excluded(long now)
    {
        var again = _readmittedAt != long.MinValue && now - _readmittedAt < maximum;
        _delay = again ? Math.Min(Delay * 2, maximum) : first;
    }

    public void Readmitted(long now) => _readmittedAt = now;
}
