using System.Globalization;
using Candor.Health.Checks;

namespace Candor.Health.Watchdog;

/// <summary>Too little processor: late answers are its doing, and no dependency's.</summary>
internal sealed class ProcessorSignal(ProcessHealth process) : ISignal
{
    public const string CheckName = "processor";

    private bool _failing;

    public string Name => CheckName;

    public CheckReport Read()
    {
        var share = process.LateShare;

        // Recovers at half of the limit, so that it does not change back and forth around it.
        _failing = share >= (_failing ? ProcessHealth.StarvedShare / 2 : ProcessHealth.StarvedShare);
        var detail = string.Create(CultureInfo.InvariantCulture, $"late for {share * 100:0} % of the time, throttled by the cgroup for {process.ThrottledShare * 100:0} %");
        return _failing ? Signal.Report(Name, Reason.Processor, detail)
            : share >= ProcessHealth.ShortShare ? Signal.Report(Name, Reason.Processor, detail) with { Outcome = CheckOutcome.Degraded }
            : Signal.Report(Name, Reason.None, detail);
    }
}

/// <summary>Memory near the limit that the process has: its cgroup's, or the machine's.</summary>
internal sealed class MemorySignal : ISignal
{
    private const double DegradedShare = 0.9;
    private const double FailingShare = 0.97;

    public string Name => "memory";

    public CheckReport Read()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var share = limit <= 0 ? 0 : (double)Environment.WorkingSet / limit;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} % of the limit is used");
        return share >= FailingShare ? Signal.Report(Name, Reason.Memory, detail)
            : share >= DegradedShare ? Signal.Report(Name, Reason.Memory, detail) with { Outcome = CheckOutcome.Degraded }
            : Signal.Report(Name, Reason.None, detail);
    }
}

/// <summary>File descriptors used up: nothing can be accepted or dialled.</summary>
internal sealed class DescriptorSignal(DescriptorUse descriptors) : ISignal
{
    public string Name => "descriptors";

    public CheckReport Read() =>
        Signal.Report(Name, descriptors.IsExhausted() ? Reason.Descriptors : Reason.None, "no file descriptor is left for a connection or a file");
}
