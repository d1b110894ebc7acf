using System.Diagnostics;

namespace Candor.Local;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    /// <summary>Its exit code and what it printed, both streams together.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStart start, string? input, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo
        {
            FileName = start.Program,
            WorkingDirectory = start.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var prefix = new List<string>();
        if (start.NetworkNamespace is { } network)
        {
            prefix.AddRange([SystemPrograms.Require("nsenter"), $"--net={network}"]);
        }

        if (start.User is { } user && Environment.IsPrivilegedProcess)
        {
            prefix.AddRange([
                SystemPrograms.Require("setpriv"),
                $"--reuid={user}",
                $"--regid={SystemUser.GroupOf(user)}",
                "--clear-groups",
                "--",
            ]);
        }

        var all = prefix.Append(start.Program).Concat(start.Arguments).ToList();
        info.FileName = all[0];
        foreach (var argument in all.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info) ?? throw new LocalException($"{start.Program} cannot be started.");
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false) + await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The last lines of an output, indented for an error message.</summary>
    public static string LastLines(string output, int count = 12) =>
        string.Concat(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count).Select(line => $"\n    {line.TrimEnd()}"));
}
