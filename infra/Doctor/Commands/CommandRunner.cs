using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Candor.Doctor.Commands;

/// <summary>How a command ended.</summary>
internal enum CommandEnd
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>There is no such program.</summary>
    NotFound,

    /// <summary>It was ended at its time limit.</summary>
    TimedOut,
}

/// <summary>A command that ran.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">Its exit code; -1 where it has none.</param>
/// <param name="Output">The first part of what it wrote, unless that was read as it came.</param>
/// <param name="Error">The first part of what it wrote to standard error.</param>
internal sealed record CommandResult(CommandEnd End, int ExitCode, string Output, string Error)
{
    /// <summary>Whether it ended well.</summary>
    internal bool IsGood => End == CommandEnd.Exited && ExitCode == 0;

    /// <summary>Why not, in one line.</summary>
    internal string Why(string program, TimeSpan limit) => End switch
    {
        CommandEnd.NotFound => $"{program} is not installed, or not in PATH",
        CommandEnd.TimedOut => FormattableString.Invariant($"no answer within {limit.TotalSeconds:0.#} s"),
        _ => Model.SafeText.Of(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault() is { Length: > 0 } last
            ? last
            : FormattableString.Invariant($"exit code {ExitCode}")),
    };
}

/// <summary>Runs one program with a time limit on each run; ends what hangs, with its children.</summary>
internal sealed class CommandRunner(string program, IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private const int MaximumText = 4 * 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // A long list may take longer than one silence; four of them are enough for any.
    private const int Silences = 4;

    /// <summary>The program's name, for messages.</summary>
    internal string Program => Path.GetFileName(program);

    /// <summary>Runs it and keeps what it writes.</summary>
    internal Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        RunAsync(arguments, limit, null, cancellationToken);

    /// <summary>
    /// Runs it; <paramref name="read"/> gets its output as it comes, which may break off. A command that goes on writing is not given up
    /// at the limit, but after four of them.
    /// </summary>
    internal async Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments, TimeSpan limit, Func<Stream, CancellationToken, Task>? read, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        if (process is null)
        {
            return new(CommandEnd.NotFound, -1, string.Empty, string.Empty);
        }

        using var timeout = new CancellationTokenSource(limit, time);
        using var total = new CancellationTokenSource(limit * Silences, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, total.Token, cancellationToken);
        var output = read is null ? TextAsync(process.StandardOutput.BaseStream, either.Token)
            : ReadAsync(read, new WatchedStream(process.StandardOutput.BaseStream, () => timeout.CancelAfter(limit)), either.Token);
        var error = TextAsync(process.StandardError.BaseStream, either.Token);
        try
        {
            await Task.WhenAll(output, error).WaitAsync(either.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            return new(CommandEnd.Exited, process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(Grace, time, CancellationToken.None)).ConfigureAwait(false);
            return new(CommandEnd.TimedOut, -1, output.IsCompletedSuccessfully ? output.Result : string.Empty,
                error.IsCompletedSuccessfully ? error.Result : string.Empty);
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>Starts it for as long as the caller wants; null when there is no such program.</summary>
    internal Process? Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return null;
        }
    }

    /// <summary>Ends a process with its children, if it still runs.</summary>
    internal static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It ended at the same moment.
        }
    }

    private static async Task<string> ReadAsync(Func<Stream, CancellationToken, Task> read, Stream stream,
        CancellationToken cancellationToken)
    {
        await read(stream, cancellationToken).ConfigureAwait(false);
        // What is not wanted is still read, or the program would wait for somebody who reads it.
        await TextAsync(stream, cancellationToken).ConfigureAwait(false);
        return string.Empty;
    }

    private static async Task<string> TextAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                text.Write(buffer, 0, (int)Math.Min(count, MaximumText - text.Length));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // What came until then is kept.
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
