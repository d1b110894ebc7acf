using Candor.Testing.Processes;

namespace Candor.Testing.Servers;

/// <summary>
/// Runs a system program as ourselves, or as <c>nobody</c> when we are root, because PostgreSQL refuses to run as root.
/// </summary>
public static class Unprivileged
{
    /// <summary>Starts the program with <paramref name="directory"/> as its home.</summary>
    public static TestProcess Start(
        string program,
        IEnumerable<string> arguments,
        TemporaryDirectory directory,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["HOME"] = directory.Path };
        return Environment.IsPrivilegedProcess
            ? TestProcess.Start(
                "setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", program, .. arguments], all, directory.Path)
            : TestProcess.Start(program, arguments, all, directory.Path);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, TemporaryDirectory directory)
    {
        await using var process = Start(program, arguments, directory);
        var code = await process.WaitForExitAsync();
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} ended with {code}:\n{process.Output}");
        }
    }
}
