using System.ComponentModel;
using System.Diagnostics;

namespace Candor.Cli.Plans;

/// <summary>A program that ran to its end, and what it wrote.</summary>
/// <param name="ExitCode">0 when all is well.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProcessRun(int ExitCode, string Output, string Error)
{
    private const int TailLines = 20;

    /// <summary>The last lines it wrote, errors last.</summary>
    internal string Tail => string.Join('\n', (Output + Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(TailLines));

    /// <summary>Runs a program and waits for it; ends it with its children when cancelled.</summary>
    /// <exception cref="UsageException">There is no such program.</exception>
    internal static async Task<ProcessRun> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new UsageException($"{start.FileName} is not installed, or not in PATH.");
        }
    }
}
