using Candor.Contract;
using Candor.Health.Watchdog;

namespace Candor.Health.State;

/// <summary>
/// Whether the process should be restarted: only when the thread pool has run nothing at all for the watchdog's limit. It looks at
/// no dependency and at no request, for a restart would not heal those.
/// </summary>
internal sealed class LivenessVerdict(PoolHeartbeat heartbeat, WatchdogLimits limits)
{
    public bool Alive => heartbeat.SinceMoved < limits.LivenessLimit;
}
