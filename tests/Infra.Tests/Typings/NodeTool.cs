using System.ComponentModel;
using System.Diagnostics;

namespace Candor.Infra.Tests.Typings;

/// <summary>Runs node or npm.</summary>
internal static class NodeTool
{
    /// <summary>What the program wrote; when cancelled it and its children are ended.</summary>
    /// <exception cref="TypingsUnavailableException">There is no such program.</exception>
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IReadOnlyList<string> arguments, string directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new TypingsUnavailableException(
                $"The typings check needs {start.FileName}, which is not installed. Install Node.js 20.11 or later (https://nodejs.org), "
                    + "for example: apt-get install nodejs npm");
        }
    }
}
