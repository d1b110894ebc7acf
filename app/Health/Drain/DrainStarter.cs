namespace Candor.Health.Drain;

/// <summary>The one way to leave, for signals and people alike.</summary>
internal sealed class DrainStarter(DrainState state, Drainer drainer)
{
    /// <summary>Begins to leave; false when the instance already does.</summary>
    public bool Begin(string cause)
    {
        if (!state.Begin(cause))
        {
            return false;
        }

        _ = drainer.LeaveAsync();
        return true;
    }
}
