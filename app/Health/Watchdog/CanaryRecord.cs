using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>How the canaries fared.</summary>
internal sealed class CanaryRecord
{
    private long _passed;
    private long _failed;
    private Outcome _latest = new(0, Reason.None, "none sent yet");

    /// <summary>Canaries that were answered in time and not with 5xx.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>All others.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The latest canary, and how many have failed in a row.</summary>
    public Outcome Latest => Volatile.Read(ref _latest);

    public void Pass(string detail)
    {
        Interlocked.Increment(ref _passed);
        Volatile.Write(ref _latest, new(0, Reason.None, detail));
    }

    public void Fail(Reason reason, string detail)
    {
        Interlocked.Increment(ref _failed);
        Volatile.Write(ref _latest, new(Latest.FailuresInARow + 1, reason, detail));
    }

    /// <summary>One canary.</summary>
    /// <param name="FailuresInARow">Zero when it passed.</param>
    /// <param name="Reason">Why it failed.</param>
    /// <param name="Detail">Text for the management port.</param>
    internal sealed record Outcome(int FailuresInARow, Reason Reason, string Detail);
}
