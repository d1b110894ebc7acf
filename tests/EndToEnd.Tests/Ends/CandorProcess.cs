using Candor.EndToEnd.Tests.Stack;
using Candor.Testing.Processes;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>The command as a user runs it, in a process of its own.</summary>
internal static class CandorProcess
{
    /// <summary>
    /// Starts it, with Ctrl-C as a terminal would have it: whoever runs the tests in the background of a script has it ignored, and so
    /// would every process below.
    /// </summary>
    public static TestProcess Start(params string[] arguments) => TestProcess.Start(
        "env",
        ["--default-signal=INT", "dotnet", Repository.Build("infra/Cli", "candor.dll"), .. arguments],
        new Dictionary<string, string> { ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/", ["CANDOR_HOME"] = Repository.Root });

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.WaitForExitAsync(RunningStack.Limit), process.Output);
    }
}
