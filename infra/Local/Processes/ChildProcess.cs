using System.Diagnostics;

namespace Candor.Local;

/// <summary>A running container process, first of its session.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(Process process, LogFile log)
    {
        _process = process;
        Id = process.Id;
        StartTime = ProcFs.StartTime(Id) ?? 0;
        _ = log.CopyAsync(process.StandardOutput.BaseStream);
        _ = log.CopyAsync(process.StandardError.BaseStream);
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <summary>See <see cref="ProcFs.StartTime"/>.</summary>
    public long StartTime { get; }

    /// <summary>Ends with the exit code; 128 + n for death by signal n.</summary>
    public Task<int> Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    /// <summary>Sends to the process alone, as the kubelet does.</summary>
    public void Send(Signal signal)
    {
        if (!HasExited)
        {
            Signals.Send(Id, signal);
        }
    }

    /// <summary>Ends whatever is left of its session.</summary>
    public void KillSession()
    {
        Signals.SendToGroup(Id, Signal.Kill);
        foreach (var pid in ProcFs.All().Where(pid => pid != Id && ProcFs.Session(pid) == Id))
        {
            Signals.Send(pid, Signal.Kill);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _process.ExitCode;
    }
}
