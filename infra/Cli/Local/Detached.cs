using System.Diagnostics;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Local;

/// <summary>Starts the supervisor in the background and waits until everything is healthy.</summary>
internal static class Detached
{
    /// <summary>What of a supervisor's own log is shown when it ends early.</summary>
    private const int LastLines = 20;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Starts this very program again with the given arguments, in a session of its own, so that it outlives the terminal.
    /// </summary>
    internal static async Task<int> RunAsync(CliContext context, string stateDirectory, IReadOnlyList<string> arguments)
    {
        LocalTarget.CreateFolder(stateDirectory);
        var client = LocalTarget.Client(stateDirectory);
        // A log of its own until it runs: another one may be starting in the same folder.
        var log = Path.Combine(stateDirectory, $"supervisor-{Guid.NewGuid():N}.log");
        using var supervisor = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                [
                    "-c",
                    "log=$1; shift; exec setsid \"$@\" </dev/null >\"$log\" 2>&1",
                    "sh",
                    log,
                    .. Self(),
                    .. arguments,
                ])
            { UseShellExecute = false })!;
        using var signals = StopSignals.Register();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop);
        var following = FollowAsync(context, client, supervisor, waiting.Token);
        try
        {
            var status = await HealthyAsync(context, client, supervisor, waiting.Token);
            await waiting.CancelAsync();
            await following;
            if (status is null)
            {
                WriteReason(context, log, stateDirectory);
                return supervisor.ExitCode == ExitCode.Usage ? ExitCode.Usage : ExitCode.Failure;
            }

            File.Move(log, Path.Combine(stateDirectory, "supervisor.log"), overwrite: true);
            StatusTables.Print(context.Out, status);
            context.Out.WriteLine("It runs in the background:");
            foreach (var verb in new[] { "status", "logs", "down" })
            {
                context.Out.WriteLine($"  {client.Command(verb)}");
            }

            return ExitCode.Fine;
        }
        catch (Exception exception) when (exception is OperationCanceledException or LocalException)
        {
            if (exception is LocalException)
            {
                context.Error.WriteLine(exception.Message);
            }

            context.Error.WriteLine("Ending what was started ...");
            await EndAsync(client, supervisor);
            return ExitCode.Failure;
        }
    }

    /// <summary>Ends the supervisor that was started here, and never another one of the same folder.</summary>
    private static async Task EndAsync(LocalClient client, Process supervisor)
    {
        if (client.Supervisor == supervisor.Id)
        {
            await client.DownAsync(now: true, cancellationToken: CancellationToken.None);
        }
        else if (!supervisor.HasExited)
        {
            // It has started nothing yet.
            supervisor.Kill();
        }
    }

    /// <summary>The supervisor's last lines, or that the disk is full when it could not write any.</summary>
    private static void WriteReason(CliContext context, string log, string stateDirectory)
    {
        var lines = File.Exists(log) ? File.ReadAllLines(log) : [];
        File.Delete(log);
        foreach (var line in lines.TakeLast(LastLines))
        {
            context.Error.WriteLine(line);
        }

        try
        {
            if (lines.Length == 0)
            {
                LocalTarget.RequireRoom(stateDirectory);
            }
        }
        catch (LocalException exception)
        {
            context.Error.WriteLine(exception.Message);
        }
    }

    /// <summary>The status once all is healthy, or null when the supervisor has ended by itself.</summary>
    private static async Task<LocalStatus?> HealthyAsync(
        CliContext context, LocalClient client, Process supervisor, CancellationToken cancellationToken)
    {
        while (!supervisor.HasExited)
        {
            LocalStatus? status = null;
            try
            {
                status = client.Supervisor == supervisor.Id ? await client.StatusAsync(cancellationToken) : null;
            }
            catch (LocalException)
            {
                // It does not listen yet.
            }

            if (status is { Healthy: true })
            {
                return status;
            }

            if (status?.Workloads.FirstOrDefault(workload => workload.State == RolloutState.Failed) is { } failed)
            {
                throw new LocalException($"{failed.Kind} {failed.Name}: {failed.Reason}");
            }

            await Task.Delay(Poll, context.Time, cancellationToken);
        }

        return null;
    }

    private static async Task FollowAsync(CliContext context, LocalClient client, Process supervisor, CancellationToken cancellationToken)
    {
        var lines = new EventLines(context.Error, context.Time.LocalTimeZone);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (client.Supervisor == supervisor.Id)
                {
                    await client.FollowAsync(lines, cancellationToken);
                    return;
                }

                await Task.Delay(Poll, context.Time, cancellationToken);
            }
            catch (LocalException)
            {
                await Task.Delay(Poll, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>How this program was started: by its host, or by <c>dotnet</c> with its assembly.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? [Environment.ProcessPath!, typeof(Detached).Assembly.Location]
            : [Environment.ProcessPath!];
}
