using System.Diagnostics;

namespace Candor.Local;

/// <summary>Starts the supervisor in the background.</summary>
public static class LocalDetach
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Starts <paramref name="program"/>, which must call <see cref="LocalTarget.RunAsync"/> for the same folder, in a session of its
    /// own, and waits until the stack is healthy. Its output goes to <c>supervisor.log</c> in that folder.
    /// </summary>
    /// <param name="program">Full path of the program, such as <see cref="Environment.ProcessPath"/>.</param>
    /// <param name="arguments">Its arguments; those of this process without <c>--detach</c>.</param>
    /// <param name="options">The same as the program's.</param>
    /// <param name="events">Told of everything that happens meanwhile.</param>
    /// <param name="cancellationToken">Ctrl-C while waiting: brings the stack down again.</param>
    /// <returns>The healthy stack.</returns>
    /// <exception cref="LocalException">One runs already, or the program ended (the message is its own), or a rollout failed; then the stack stays, to look at.</exception>
    public static async Task<LocalStatus> StartAsync(
        string program, IReadOnlyList<string> arguments, LocalOptions options, IProgress<LocalEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var state = new StateFolder(options.StateDirectory);
        state.Create();
        RunLock.Take(state).Dispose();
        var log = Path.Combine(state.Path, "supervisor.log");
        using var process = Start(program, arguments, log);
        var client = new LocalClient(state, TimeProvider.System);
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task? following = null;
        try
        {
            while (true)
            {
                if (process.HasExited)
                {
                    throw new LocalException(Explain(log, process.ExitCode));
                }

                if (await TryStatusAsync(client, cancellationToken).ConfigureAwait(false) is { } status)
                {
                    following ??= FollowAsync(client, events, follow.Token);
                    if (status.Healthy)
                    {
                        return status;
                    }

                    if (status.Workloads.FirstOrDefault(w => w.State == RolloutState.Failed) is { } failed)
                    {
                        throw new LocalException($"{failed.Kind} {failed.Name}: {failed.Reason}\n  The stack stays up to be looked at; end it with 'candor down'.");
                    }
                }

                await Task.Delay(_poll, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await client.DownAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await follow.CancelAsync().ConfigureAwait(false);
            await (following ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, string log)
    {
        // The shell hands its output over to the file and is then replaced, so the process we hold is the supervisor itself.
        var info = new ProcessStartInfo(SystemPrograms.Require("setsid"))
        {
            ArgumentList = { "/bin/sh", "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "candor", log, program },
        };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info) ?? throw new LocalException($"{program} cannot be started.");
    }

    private static async Task<LocalStatus?> TryStatusAsync(LocalClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.StatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LocalException)
        {
            return null;
        }
    }

    private static async Task FollowAsync(LocalClient client, IProgress<LocalEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            await client.FollowAsync(events, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LocalException or OperationCanceledException)
        {
            // The stack ended or nobody listens any more.
        }
    }

    private static string Explain(string log, int exitCode)
    {
        var lines = File.Exists(log) ? File.ReadLines(log).TakeLast(30).ToList() : [];
        return lines.Count == 0 ? $"The stack ended with exit code {exitCode} and said nothing." : string.Join('\n', lines);
    }
}
