using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>Whether the app still answers its own requests. One lost canary is not a fault; the contract says how many are.</summary>
internal sealed class CanarySignal(CanaryRecord record, CanarySettings settings) : ISignal
{
    public string Name => "canary";

    public CheckReport Read()
    {
        var latest = record.Latest;
        return Signal.Report(Name, latest.FailuresInARow >= settings.FailureThreshold ? latest.Reason : Reason.None, latest.Detail);
    }
}
