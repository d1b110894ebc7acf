using System.Collections.Concurrent;
using System.Diagnostics;

namespace Candor.Local;

/// <summary>
/// Starts processes from one thread that runs as long as the supervisor. Linux sends a child its parent-death signal when the
/// <em>thread</em> that started it ends, and a thread of the pool ends when it likes.
/// </summary>
internal sealed class Spawner : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public Spawner()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "spawner" };
        _thread.Start();
    }

    /// <summary>Starts the process in a session of its own, so that a Ctrl-C meant for the supervisor does not reach it.</summary>
    /// <exception cref="LocalException">It cannot be started.</exception>
    public Task<ChildProcess> StartAsync(ProcessStart start, LogFile log)
    {
        var result = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(Start(start, log));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
            {
                result.SetException(new LocalException($"{start.Program} cannot be started: {e.Message}", e));
            }
        });
        return result.Task;
    }

    /// <inheritdoc />
    public void Dispose() => _work.CompleteAdding();

    private static ChildProcess Start(ProcessStart start, LogFile log)
    {
        var info = new ProcessStartInfo
        {
            FileName = SystemPrograms.Require("setsid"),
            WorkingDirectory = start.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments(start))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException("no process was started");
        process.StandardInput.Close();
        return new ChildProcess(process, log);
    }

    private static IEnumerable<string> Arguments(ProcessStart start)
    {
        if (start.NetworkNamespace is { } network)
        {
            yield return SystemPrograms.Require("nsenter");
            yield return $"--net={network}";
        }

        yield return SystemPrograms.Require("setpriv");
        if (start.User is { } user && Environment.IsPrivilegedProcess)
        {
            yield return $"--reuid={user}";
            yield return $"--regid={SystemUser.GroupOf(user)}";
            yield return "--clear-groups";
        }

        yield return "--pdeathsig";
        yield return start.DeathSignal switch { Signal.Quit => "QUIT", Signal.Terminate => "TERM", Signal.Interrupt => "INT", _ => "KILL" };
        yield return "--";
        yield return start.Program;
        foreach (var argument in start.Arguments)
        {
            yield return argument;
        }
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }

        _work.Dispose();
    }
}
