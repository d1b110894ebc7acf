using Candor.Health.Checks;
using Candor.Health.Operations;
using Microsoft.Extensions.Logging;

namespace Candor.Health.State;

/// <summary>One line for each change of state or of what fails, with its reason; never one for a probe.</summary>
internal sealed class TransitionLog(HealthChanges changes, ILogger<TransitionLog> log)
{
    private readonly Lock _gate = new();
    private volatile Verdict? _latest;
    private string _failing = "";

    public void Note(Verdict verdict)
    {
        if (_latest == (object)verdict)
        {
            return;
        }

        Verdict? previous;
        lock (_gate)
        {
            previous = _latest;
            _latest = verdict;
            var failing = Failing(verdict);
            if (previous?.State == verdict.State && failing == _failing)
            {
                return;
            }

            _failing = failing;
            var level = verdict.State is HealthState.NotReady or HealthState.Degraded ? LogLevel.Warning : LogLevel.Information;
            log.StateChanged(level, previous?.State.Text() ?? "new", verdict.State.Text(), failing.Length > 0 ? $": {failing}" : "");
        }

        if (previous?.State != verdict.State)
        {
            changes.Notify(previous?.State, verdict.State, verdict.Reason.Text());
        }
    }

    private static string Failing(Verdict verdict)
    {
        var failing = string.Join(", ", verdict.Checks.Where(check => check.Outcome != CheckOutcome.Healthy).Select(check => $"{check.Name} {(check.Cause is { Code: { } code } ? code + " " : "")}{check.Reason.Text()}")
            .Concat(verdict.Operations.Where(operation => operation.Status >= OperationStatus.Slow).Select(operation => $"{operation.Name} {operation.Status.Text()} ({operation.Cause})")));
        return failing.Length == 0 && verdict.State is HealthState.NotReady ? verdict.Reason.Text()! : failing;
    }
}
