using Candor.Health.Checks;
using Candor.Health.Watchdog;

namespace Candor.Health.State;

/// <summary>The verdict of an instance whose thread pool is starved, made without the thread pool.</summary>
internal sealed class ThreadPoolVerdict(ThreadPoolSignal signal, TransitionLog transitions)
{
    private volatile Verdict? _latest;

    /// <summary>Not ready, with the signal as its only check.</summary>
    public Verdict Read()
    {
        var verdict = _latest ??= new(HealthState.NotReady, Reason.PipelineStuck, signal.Name, [signal.Read() with { Outcome = CheckOutcome.Unhealthy, Reason = Reason.PipelineStuck }], null);
        transitions.Note(verdict);
        return verdict;
    }
}
