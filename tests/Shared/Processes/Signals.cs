using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Candor.Testing.Processes;

/// <summary>Signals to processes that tests started, always by their id.</summary>
public static class Signals
{
    /// <summary>SIGINT on Linux.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGTERM on Linux.</summary>
    public const int Terminate = 15;

    /// <summary>SIGSTOP on Linux.</summary>
    public const int Stop = 19;

    /// <summary>SIGCONT on Linux.</summary>
    public const int Continue = 18;

    /// <summary>Sends a signal.</summary>
    /// <exception cref="Win32Exception">There is no such process, or it is not ours.</exception>
    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Sends SIGSTOP and waits until every thread stands still; the signal alone returns while some of them still run.</summary>
    public static async Task StopAsync(int processId)
    {
        Send(processId, Stop);
        while (!Directory.EnumerateDirectories($"/proc/{processId}/task").All(IsStopped))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>The state is the first letter after the command's name, which stands in brackets and may hold anything.</summary>
    private static bool IsStopped(string task)
    {
        var stat = File.ReadAllText(Path.Combine(task, "stat"));
        return stat[stat.LastIndexOf(')')..].StartsWith(") T", StringComparison.Ordinal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int processId, int signal);
}
