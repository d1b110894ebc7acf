using Candor.Health.Checks;

namespace Candor.Health.State;

/// <summary>
/// Keeps a check from changing back and forth. A check that passes again after an outage counts at once; one that has relapsed lately must pass several times in a row, or for a while. Called
/// by one thread at a time.
/// </summary>
/// <param name="freshness">The contract's; the unit of what "lately" means.</param>
internal sealed class CheckStability(TimeSpan freshness)
{
    // A failure within so many freshness bounds of a recovery is a relapse; it is held against the check for so many.
    private const int RelapseWithin = 10;
    private const int RelapseHeld = 30;

    // With a relapse behind it, the check must pass for so many freshness bounds.
    private const int Quiet = 3;

    private DateTimeOffset _failedAt;
    private DateTimeOffset _recoveredAt = DateTimeOffset.MinValue;
    private DateTimeOffset _relapsedAt = DateTimeOffset.MinValue;

    /// <summary>True while the check counts as failing.</summary>
    public bool Failing { get; private set; }

    /// <summary>What the check last said when it did not pass; null when it always has.</summary>
    public CheckReport? LastFailure { get; private set; }

    /// <summary>What the check counts as, given its result.</summary>
    public CheckReport Next(CheckReport report, DateTimeOffset now)
    {
        if (report.Outcome == CheckOutcome.Unknown)
        {
            return report;
        }

        if (report.Outcome != CheckOutcome.Healthy)
        {
            if ((!Failing && now - _recoveredAt < freshness * RelapseWithin) || now - _relapsedAt < freshness * RelapseHeld)
            {
                _relapsedAt = now;
            }

            Failing = true;
            _failedAt = now;
            LastFailure = report;
            return report;
        }

        if (!Failing)
        {
            return report;
        }

        if (now - _relapsedAt < freshness * RelapseHeld && now - _failedAt < freshness * Quiet)
        {
            return LastFailure! with { Detail = $"passes again, but not yet for long enough after several failures; last failure:  {LastFailure.Detail}" };
        }

        Failing = false;
        _recoveredAt = now;
        return report;
    }
}
