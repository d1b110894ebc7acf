using System.Runtime.InteropServices;

namespace Candor.Local;

/// <summary>Linux signals by their numbers.</summary>
internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Continue = 18,
    Terminate = 15,
    Stop = 19,
}

/// <summary>Sends signals.</summary>
internal static partial class Signals
{
    /// <summary>Sends to one process; false when there is none or it belongs to another user.</summary>
    public static bool Send(int pid, Signal signal) => pid > 1 && Kill(pid, (int)signal) == 0;

    /// <summary>Sends to every process of a group.</summary>
    public static bool SendToGroup(int group, Signal signal) => group > 1 && Kill(-group, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
