using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>Requests that go in and do not come out: a deadlock in the handlers, which the health endpoint itself would not notice.</summary>
internal sealed class StuckRequestsSignal(RequestLedger requests, WatchdogLimits limits) : ISignal
{
    public string Name => "requests";

    public CheckReport Read()
    {
        var stuck = requests.Stuck;
        return Signal.Report(Name, stuck >= limits.StuckRequestCount ? Reason.PipelineStuck : Reason.None,
            $"{stuck} requests are older than {DurationText.Format(limits.StuckRequestAge)}, limit {limits.StuckRequestCount}");
    }
}
