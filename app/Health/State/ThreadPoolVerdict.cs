using Candor.Health.Checks;
using Candor.Health.Watchdog;

namespace Candor.Health.State;

/// <summary>The verdict of an instance whose thread pool runs nothing, or whose process hardly gets any processor, made without either.</summary>
internal sealed class ThreadPoolVerdict(ThreadPoolSignal pool, ProcessHealth process, TransitionLog transitions)
{
    private volatile Verdict? _noPool;
    private volatile Verdict? _noProcessor;

    /// <summary>Not ready, with the signal as its only check.</summary>
    public Verdict Read()
    {
        var verdict = process.IsStarved
            ? _noProcessor ??= Of(Signal.Report(ProcessorSignal.CheckName, Reason.Processor, "the process gets almost no CPU time"))
            : _noPool ??= Of(pool.Read() with { Outcome = CheckOutcome.Unhealthy, Reason = Reason.PipelineStuck });
        transitions.Note(verdict);
        return verdict;
    }

    private static Verdict Of(CheckReport check) => new(HealthState.NotReady, check.Reason, check.Name, [check], null) { RootCause = check.CauseText };
}
