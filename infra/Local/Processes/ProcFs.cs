using System.Globalization;

namespace Candor.Local;

/// <summary>Reads processes from <c>/proc</c>.</summary>
internal static class ProcFs
{
    private const int StateField = 0;
    private const int SessionField = 3;
    private const int StartTimeField = 19;

    /// <summary>
    /// When the process started, in clock ticks since boot: together with its id it names one process for good, for ids are used
    /// again. Null when it is gone, or dead and only not yet collected.
    /// </summary>
    public static long? StartTime(int pid) =>
        Fields(pid) is { } fields && fields[StateField] is not ("Z" or "X")
            ? long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture)
            : null;

    /// <summary>The session that the process belongs to, named by the id of the process that began it; null when it is gone.</summary>
    public static int? Session(int pid) => Fields(pid) is { } fields ? int.Parse(fields[SessionField], CultureInfo.InvariantCulture) : null;

    /// <summary>Ids of all processes.</summary>
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    /// <summary>Its command line, for messages; empty when unknown.</summary>
    public static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ').Trim();

    /// <summary>Whether its environment held <c>NAME=value</c> when it started.</summary>
    public static bool HasEnvironment(int pid, string entry) => Read(pid, "environ").Split('\0').Contains(entry);

    /// <summary>The fields after the command's name, which may itself contain blanks and parentheses.</summary>
    private static string[]? Fields(int pid)
    {
        var stat = Read(pid, "stat");
        var end = stat.LastIndexOf(')');
        return end < 0 ? null : stat[(end + 2)..].Split(' ');
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
