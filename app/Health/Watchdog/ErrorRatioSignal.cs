using System.Globalization;
using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>
/// Too many 5xx. An instance without traffic cannot show that it is well again, so it is let back in after a delay, which doubles
/// each time it fails again soon.
/// </summary>
internal sealed class ErrorRatioSignal(ErrorWindow window, WatchdogLimits limits, TimeProvider active) : ISignal
{
    private readonly Lock _gate = new();
    private TimeSpan _delay = limits.ReadmissionDelay;
    private long _outSince;
    private long _inSince;
    private bool _out;
    private bool _wasOut;
    private double _ratio;

    public string Name => "errors";

    public CheckReport Read()
    {
        lock (_gate)
        {
            var now = active.GetTimestamp();
            if (_out && active.GetElapsedTime(_outSince, now) >= _delay)
            {
                ComeBack(now);
            }

            if (!_out)
            {
                Judge(now);
            }

            return _out
                ? Signal.Report(Name, Reason.ErrorRatio, Percent(_ratio) + $" of answers are 5xx; let back in after {DurationText.Format(_delay)}")
                : Signal.Report(Name, Reason.None, Percent(_ratio) + " of answers are 5xx");
        }
    }

    private void ComeBack(long now)
    {
        _out = false;
        _inSince = now;
        window.Clear();
    }

    private void Judge(long now)
    {
        var (total, failed) = window.Read();
        _ratio = total == 0 ? 0 : (double)failed / total;
        if (total < limits.ErrorMinimumVolume || _ratio < limits.ErrorRatio)
        {
            return;
        }

        var wellFor = active.GetElapsedTime(_inSince, now);
        _delay = !_wasOut || wellFor >= limits.MaximumReadmissionDelay ? limits.ReadmissionDelay : Longer(_delay);
        _outSince = now;
        _out = true;
        _wasOut = true;
    }

    private TimeSpan Longer(TimeSpan delay) => delay * 2 < limits.MaximumReadmissionDelay ? delay * 2 : limits.MaximumReadmissionDelay;

    private static string Percent(double ratio) => (ratio * 100).ToString("0", CultureInfo.InvariantCulture) + " %";
}
