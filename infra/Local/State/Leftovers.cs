namespace Candor.Local;

/// <summary>Cleans up after a run that was killed.</summary>
internal static class Leftovers
{
    /// <summary>
    /// Ends every process of a run whose supervisor is gone and removes its record. Data stays. Returns how many processes there were.
    /// </summary>
    public static async Task<int> CleanAsync(StateFolder state, TimeProvider time, CancellationToken cancellationToken)
    {
        var record = RunRecord.Read(state);
        if (record?.IsAlive == true)
        {
            return 0;
        }

        var found = Find(state, record);
        foreach (var pid in found)
        {
            // PostgreSQL comes to a safe end on SIGINT; the others take it as well.
            Signals.Send(pid, Signal.Continue);
            Signals.Send(pid, Signal.Interrupt);
        }

        for (var i = 0; i < 20 && Find(state, record).Count > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken).ConfigureAwait(false);
        }

        foreach (var pid in Find(state, record))
        {
            Signals.Send(pid, Signal.Kill);
        }

        await IsolatedNetwork.CleanAsync(state, cancellationToken).ConfigureAwait(false);
        state.EndRun();
        return found.Count;
    }

    /// <summary>By what was recorded and still is the same process, by their sessions, and by the run's marker.</summary>
    private static List<int> Find(StateFolder state, RunRecord? record)
    {
        var recorded = state.Processes.Read();
        var sessions = recorded.Select(entry => entry.Pid).ToHashSet();
        var oldest = recorded.Count == 0 ? long.MaxValue : recorded.Min(entry => entry.StartTime);
        var marker = record is null ? null : $"{RunMarker.Variable}={record.RunId}";
        return
        [
            .. ProcFs.All().Where(pid => ProcFs.StartTime(pid) is { } start
                && (recorded.Any(entry => entry.Pid == pid && entry.StartTime == start)
                    || (start >= oldest && ProcFs.Session(pid) is { } session && session != pid && sessions.Contains(session)
                        && SessionIsOurs(recorded, session))
                    || (marker is not null && ProcFs.HasEnvironment(pid, marker)))),
        ];
    }

    /// <summary>
    /// Its first process is gone, so its number cannot have been given to another while members live, or it is still the same.
    /// </summary>
    private static bool SessionIsOurs(IReadOnlyList<ProcessLedger.Entry> recorded, int session) =>
        ProcFs.StartTime(session) is not { } start || recorded.Any(entry => entry.Pid == session && entry.StartTime == start);
}
