using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>What the watchdog looks at for the operations: requests that do not come back, and circuit breakers that have closed.</summary>
internal sealed class OperationWatch(StuckRequests stuck, CanaryTimes canaries, IEnumerable<IDependencyBreaker> breakers)
{
    private readonly IDependencyBreaker[] _breakers = [.. breakers];
    private readonly HashSet<IDependencyBreaker> _open = [];

    /// <summary>Looks once. Called by the watchdog's thread only.</summary>
    public void Look()
    {
        stuck.Look();
        foreach (var breaker in _breakers)
        {
            if (breaker.State != BreakerState.Closed)
            {
                _open.Add(breaker);
            }
            else if (_open.Remove(breaker))
            {
                // What it refused goes through again; the canaries show at once whether it works.
                canaries.SendNow();
            }
        }
    }
}
