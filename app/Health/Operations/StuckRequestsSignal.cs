using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Watchdog;

namespace Candor.Health.Operations;

/// <summary>Requests that go in and do not come out: a deadlock in the handlers, which the health endpoint itself would not notice.</summary>
internal sealed class StuckRequestsSignal(RequestLedger requests, StuckRequests stuck, WatchdogLimits limits) : ISignal
{
    public string Name => "requests";

    public CheckReport Read() => Signal.Report(
        Name,
        stuck.Operations > 0 ? Reason.PipelineStuck : Reason.None,
        $"{requests.Stuck} requests are older than {DurationText.Format(limits.StuckRequestAge)}, limit {limits.StuckRequestCount} for one operation, and none of them completes");
}
