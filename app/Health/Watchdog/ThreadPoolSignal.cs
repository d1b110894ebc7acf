using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>A starved thread pool. Fails at the limit and recovers at half of it, to prevent flapping.</summary>
internal sealed class ThreadPoolSignal(PoolHeartbeat heartbeat, WatchdogLimits limits) : ISignal
{
    private volatile bool _failing;

    public string Name => "thread-pool";

    public CheckReport Read()
    {
        var delay = heartbeat.Delay;
        _failing = delay >= (_failing ? limits.ThreadPoolDelay / 2 : limits.ThreadPoolDelay);
        return Signal.Report(Name, _failing ? Reason.PipelineStuck : Reason.None, $"a work item waits {DurationText.Format(delay)}, limit {DurationText.Format(limits.ThreadPoolDelay)}");
    }
}
