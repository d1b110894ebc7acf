using System.Globalization;
using Candor.Planning;

namespace Candor.Local;

/// <summary>
/// Realises a Plan on this machine with real parts: Deployments and StatefulSets become processes, looked after as the kubelet
/// looks after pods; target group, listener and TargetGroupBinding become an HAProxy that behaves as an ALB does.
/// </summary>
/// <remarks>
/// <para>
/// One process, the supervisor, lives as long as the stack does: <see cref="RunAsync"/> returns when everything has ended. Whatever
/// it starts is ended with it, also when it is killed: by the kernel at once, and by the next <c>up</c> or <c>down</c> for what is
/// left. Everything else talks to it through <see cref="LocalClient"/>, from the same or another process.
/// </para>
/// <para>
/// Its folder (<see cref="LocalOptions.StateDirectory"/>) holds <c>run.json</c> (who runs it), <c>processes</c>, <c>logs/</c> (one a
/// pod), <c>data/</c> (what outlives a run), <c>images/</c> (copies of the programs), <c>haproxy-*.cfg</c> and the control socket. Two
/// runs at once need two folders and two ports and never share anything else: each takes a block 127.x.0.0/16 of its own.
/// </para>
/// </remarks>
public static class LocalTarget
{
    /// <summary>
    /// Runs the stack in this process until <paramref name="stop"/> is cancelled or a client asks for the end, then drains and ends
    /// everything. When <paramref name="kill"/> is cancelled too, it ends at once, by SIGKILL.
    /// </summary>
    /// <param name="plan">What to realise; secrets in it are placeholder tokens, which serve as development passwords.</param>
    /// <param name="options">How.</param>
    /// <param name="events">Called for every event, from any thread, one at a time; must return soon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">The first Ctrl-C or SIGTERM; see <see cref="StopSignals"/>.</param>
    /// <param name="kill">The second.</param>
    /// <exception cref="LocalException">
    /// It cannot run: another run holds the folder, the Plan cannot be realised, a port is in use, a program is missing, or a
    /// dependency will not start. Nothing is left running and no data is lost.
    /// </exception>
    public static async Task RunAsync(
        Plan plan, LocalOptions options, IProgress<LocalEvent> events, TimeProvider time, CancellationToken stop,
        CancellationToken kill = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(time);
        Check(options);

        var state = new StateFolder(options.StateDirectory);
        Create(state);
        using var runLock = RunLock.Take(state);
        var hub = new EventHub(events);
        var left = await Leftovers.CleanAsync(state, time, stop).ConfigureAwait(false);
        if (left > 0)
        {
            hub.Report(new(
                time.GetUtcNow(),
                LocalEventKind.Warning,
                options.Stack,
                string.Create(CultureInfo.InvariantCulture, $"ended {left} processes of a run that was killed")));
        }

        BeginRun(state);
        using var block = AddressBlock.Claim(state.Seed);
        var record = new RunRecord(
            Environment.ProcessId, ProcFs.StartTime(Environment.ProcessId) ?? 0, Guid.NewGuid().ToString("N"), options.Stack);
        using var supervisor = new Supervisor(plan, options, state, record, hub, time, block);
        record.Write(state);
        try
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using var killing = CancellationTokenSource.CreateLinkedTokenSource(kill);
            _ = FollowAsync(supervisor.DownRequested, stopping, killing);
            await supervisor.RunAsync(stopping.Token, killing.Token).ConfigureAwait(false);
        }
        finally
        {
            state.EndRun();
        }
    }

    /// <summary>The client of the stack that runs in a folder.</summary>
    /// <exception cref="LocalException">Another user could have created or changed the folder.</exception>
    public static LocalClient Client(string stateDirectory)
    {
        var state = new StateFolder(stateDirectory);
        state.RequireTrusted();
        return new(state, TimeProvider.System);
    }

    /// <summary>Makes the folder of a run. <see cref="RunAsync"/> does so itself.</summary>
    /// <param name="stateDirectory">See <see cref="LocalOptions.StateDirectory"/>.</param>
    /// <exception cref="LocalException">It cannot be made, or another user could have made or changed it.</exception>
    public static void CreateFolder(string stateDirectory) => Create(new StateFolder(stateDirectory));

    /// <summary>Makes sure that the disk has room for a run in a folder. <see cref="RunAsync"/> does so itself.</summary>
    /// <param name="stateDirectory">See <see cref="LocalOptions.StateDirectory"/>.</param>
    /// <exception cref="LocalException">It is full; the message has the free and the needed space.</exception>
    public static void RequireRoom(string stateDirectory) => RequireRoom(new StateFolder(stateDirectory));

    private static async Task FollowAsync(Task<bool> requested, CancellationTokenSource stopping, CancellationTokenSource killing)
    {
        var now = await requested.ConfigureAwait(false);
        try
        {
            if (now)
            {
                await killing.CancelAsync().ConfigureAwait(false);
            }

            await stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }

    private static void Create(StateFolder state)
    {
        try
        {
            state.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalException(
                $"The folder {state.Path} cannot be created or written: {e.Message}. Name another one with --state.", e);
        }
    }

    /// <summary>What an earlier run left there is removed first, for it takes room itself.</summary>
    private static void BeginRun(StateFolder state)
    {
        try
        {
            state.BeginRun();
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"The folder {state.Path} cannot be written", state.Path, e);
        }

        RequireRoom(state);
    }

    private static void RequireRoom(StateFolder state)
    {
        DiskSpace.Require(state.Path);
        DiskSpace.Require(state.Data);
    }

    private static void Check(LocalOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new LocalException("The local target runs on Linux only; preview, lint and diff run here too.");
        }

        if (!(options.Speed >= 1) || double.IsInfinity(options.Speed))
        {
            throw new LocalException(string.Create(
                CultureInfo.InvariantCulture, $"The speed is {options.Speed}; it must be 1 or more, such as 5."));
        }

        if (options.Isolated && !Environment.IsPrivilegedProcess)
        {
            throw new LocalException(
                "--isolated gives every pod a network namespace, which only root may create. Run it as root, or without --isolated.");
        }
    }
}
