using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>
/// The root cause of a fault while it lasts: the most telling one that was met. A circuit breaker that opens because of it, or a timeout that follows,
/// does not take its place. Not safe for several threads at once.
/// </summary>
internal sealed class CauseRecord
{
    // So often in a row another cause of the same rank must be met to become the root: then the fault has become another.
    private const int Persistence = 5;

    private FailureCause? _candidate;
    private int _met;

    public FailureCause? Root { get; private set; }

    public void Note(FailureCause? cause)
    {
        if (cause is null || cause == Root)
        {
            _candidate = null;
            return;
        }

        var (rank, root) = (Rank(cause), Root is null ? -1 : Rank(Root));
        if (rank > root)
        {
            Root = cause;
            _candidate = null;
        }
        else if (rank == root)
        {
            _met = cause == _candidate ? _met + 1 : 1;
            _candidate = cause;
            if (_met >= Persistence)
            {
                Root = cause;
                _candidate = null;
            }
        }
    }

    public void Forget()
    {
        Root = null;
        _candidate = null;
    }

    private static int Rank(FailureCause cause) => cause switch
    {
        { Code: not null } => 3,
        { Reason: Reason.None or Reason.Unknown or Reason.CircuitOpen } => 0,
        { Reason: Reason.TimedOut or Reason.PipelineStuck or Reason.ErrorRatio or Reason.CheckFailed } => 1,
        _ => 2,
    };
}
