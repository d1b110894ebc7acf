using System.Collections.Concurrent;

namespace Candor.Local;

/// <summary>
/// The logs of a run. When they cannot be written, it reports that once, not for each line, and once again when they can.
/// </summary>
internal sealed class LogKeeper(StateFolder state, Action<LocalEventKind, string> report)
{
    private readonly ConcurrentDictionary<string, LogFile> _logs = new(StringComparer.Ordinal);
    private string? _problem;

    /// <summary>Why output is being lost; null while it is kept.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    public LogFile Of(string name) => _logs.GetOrAdd(name, pod => new LogFile(state.LogFile(pod), Written));

    private void Written(IOException? failure)
    {
        if (failure is null)
        {
            if (Problem is not null && DiskSpace.HasRoom(state.Logs) && Interlocked.Exchange(ref _problem, null) is not null)
            {
                report(LocalEventKind.Progress, "output is logged again");
            }

            return;
        }

        var problem = $"{DiskSpace.Explain("what the processes print is lost", state.Logs, failure).Message} The stack keeps running.";
        if (Interlocked.CompareExchange(ref _problem, problem, null) is null)
        {
            report(LocalEventKind.Failure, problem);
        }
    }
}
