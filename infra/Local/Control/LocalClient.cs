using System.Net.Sockets;
using System.Text.Json;
using Candor.Planning;

namespace Candor.Local;

/// <summary>
/// Talks to the stack that runs in a folder. Get it by <see cref="LocalTarget.Client"/>. Every method but <see cref="IsRunning"/> and
/// <see cref="DownAsync"/> throws <see cref="LocalException"/> when none runs, and when the stack refuses a request.
/// </summary>
public sealed class LocalClient
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);
    private readonly StateFolder _state;
    private readonly TimeProvider _time;

    internal LocalClient(StateFolder state, TimeProvider time)
    {
        _state = state;
        _time = time;
    }

    /// <summary>That none runs, where it was looked for, and how one is started there.</summary>
    public string NotRunning => $"No stack is running in {_state.Path}. Start one with: {_state.Command("up")}";

    /// <summary>A command on this stack as a person can copy it, such as <c>./candor status --state /srv/other</c>.</summary>
    public string Command(string verb) => _state.Command(verb);

    /// <summary>The process that runs the stack here, or null when none does.</summary>
    public int? Supervisor => RunRecord.Read(_state) is { IsAlive: true } record ? record.Supervisor : null;

    /// <summary>Whether a stack runs here (or starts, or ends).</summary>
    public bool IsRunning => RunRecord.Read(_state) is { IsAlive: true };

    /// <summary>Everything that is known of the stack at this moment.</summary>
    public async Task<LocalStatus> StatusAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new("status"), cancellationToken).ConfigureAwait(false)).Status
        ?? throw new LocalException("The stack is still starting; try again in a moment.");

    /// <summary>The Plan that runs, or null when it cannot be read.</summary>
    public async Task<Plan?> PlanAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await PlanReader.ReadAsync(_state.PlanFile, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlanFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Passes on everything that happens, what already happened first, until cancelled or the stack has ended.</summary>
    public async Task FollowAsync(IProgress<LocalEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        await foreach (var answer in SendAsync(new("events"), cancellationToken).ConfigureAwait(false))
        {
            if (answer.Event is { } one)
            {
                events.Report(one);
            }
        }
    }

    /// <summary>
    /// Ends the stack and waits for it: drained, or with <paramref name="now"/> at once. Cleans up what a killed run left behind.
    /// </summary>
    /// <returns>Whether there was anything to end.</returns>
    public async Task<bool> DownAsync(bool now = false, IProgress<LocalEvent>? events = null, CancellationToken cancellationToken = default)
    {
        var record = RunRecord.Read(_state);
        if (record is not { IsAlive: true })
        {
            return await Leftovers.CleanAsync(_state, _time, cancellationToken).ConfigureAwait(false) > 0;
        }

        using var followed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = events is null ? Task.CompletedTask : FollowFromNowAsync(events, followed.Token);
        try
        {
            await AskAsync(new("down", Now: now), cancellationToken).ConfigureAwait(false);
        }
        catch (LocalException)
        {
            // It does not listen yet, or no more; a signal reaches it always.
            Signals.Send(record.Supervisor, Signal.Terminate);
        }

        while (record.IsAlive && File.Exists(_state.RunFile))
        {
            await Task.Delay(_poll, _time, cancellationToken).ConfigureAwait(false);
        }

        await followed.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Rolls every pod of a Deployment to a new one of the same template. Returns at once; see <see cref="WaitForRolloutAsync"/>.
    /// </summary>
    /// <param name="deployment">Its name; empty for the only one.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    public Task<string> RestartAsync(string deployment = "", CancellationToken cancellationToken = default) =>
        DoneAsync(new("restart", deployment), cancellationToken);

    /// <summary>Rolls a Deployment back to the template before. Returns at once.</summary>
    public Task<string> UndoAsync(string deployment = "", CancellationToken cancellationToken = default) =>
        DoneAsync(new("undo", deployment), cancellationToken);

    /// <summary>Sets the number of pods of a Deployment or StatefulSet; empty for the only Deployment. Returns at once.</summary>
    public Task<string> ScaleAsync(int replicas, string workload = "", CancellationToken cancellationToken = default) =>
        DoneAsync(new("scale", workload, replicas), cancellationToken);

    /// <summary>Drains one pod, by <c>POST /drain</c> on its management port.</summary>
    public Task<string> DrainAsync(string pod, CancellationToken cancellationToken = default) =>
        DoneAsync(new("drain", pod), cancellationToken);

    /// <summary>
    /// Makes the network from a pod (or every pod of a workload) to a Service silent, slow, refused or open again, for open connections
    /// too. Not with <see cref="LocalOptions.Isolated"/>.
    /// </summary>
    /// <param name="from">Name of the pod or workload.</param>
    /// <param name="service">Name of the Service, such as <c>database</c>.</param>
    /// <param name="setting">What it shall do.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    public Task<string> SetLinkAsync(string from, string service, LinkSetting setting, CancellationToken cancellationToken = default) =>
        DoneAsync(new("link", from, Service: service, Link: setting), cancellationToken);

    /// <summary>
    /// Runs a command in a pod's container, as <c>kubectl exec</c> does: <c>psql</c>, <c>redis-cli</c> and <c>rabbitmqctl</c> find their
    /// server.
    /// </summary>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>What it printed. A command that failed is a <see cref="LocalException"/> with its last lines.</returns>
    public Task<string> ExecAsync(string pod, IReadOnlyList<string> command, CancellationToken cancellationToken = default) =>
        DoneAsync(new("exec", pod, Command: command), cancellationToken);

    /// <summary>Goes over to another Plan: changed pod templates roll, numbers of replicas change. Returns at once.</summary>
    /// <returns>What changes, in a sentence.</returns>
    public Task<string> ApplyAsync(Plan plan, CancellationToken cancellationToken = default) => ApplyAsync(plan, null, cancellationToken);

    /// <summary>The same, with other programs behind its images.</summary>
    /// <param name="plan">The Plan.</param>
    /// <param name="programs">What stands for its images; null for what stood for those of the one before.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>What changes, in a sentence.</returns>
    public async Task<string> ApplyAsync(
        Plan plan, IReadOnlyDictionary<string, LocalProgram>? programs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var path = Path.Combine(_state.Path, "plan.json");
        try
        {
            await File.WriteAllTextAsync(path, PlanJson.Serialize(plan), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"The Plan cannot be passed to the running stack as {path}", _state.Path, e);
        }

        return await DoneAsync(new("apply", Plan: path, Programs: programs), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until no rollout is going on.</summary>
    /// <param name="deployment">A Deployment's name; empty for all.</param>
    /// <param name="progress">Called for every change.</param>
    /// <param name="cancellationToken">Stops waiting; the rollout continues.</param>
    /// <returns>The workloads in their final state; one that failed has the reason in <see cref="WorkloadStatus.Reason"/>.</returns>
    public async Task<IReadOnlyList<WorkloadStatus>> WaitForRolloutAsync(
        string deployment = "", IProgress<WorkloadStatus>? progress = null, CancellationToken cancellationToken = default)
    {
        var seen = new Dictionary<string, WorkloadStatus>(StringComparer.Ordinal);
        while (true)
        {
            var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
            var all = status.Workloads.Where(w => deployment.Length == 0 || w.Name == deployment).ToList();
            if (all.Count == 0 && deployment.Length > 0)
            {
                throw new LocalException(
                    $"There is no workload '{deployment}'; there are {string.Join(", ", status.Workloads.Select(w => w.Name))}.");
            }

            foreach (var one in all.Where(one => !seen.TryGetValue(one.Name, out var before) || before != one))
            {
                seen[one.Name] = one;
                progress?.Report(one);
            }

            if (all.TrueForAll(one => one.State != RolloutState.Progressing))
            {
                return all;
            }

            await Task.Delay(_poll, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until everything is healthy.</summary>
    /// <exception cref="LocalException">The stack ended, or a rollout failed; the message has the reason.</exception>
    public async Task<LocalStatus> WaitUntilHealthyAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
            if (status.Healthy)
            {
                return status;
            }

            if (status.Workloads.FirstOrDefault(w => w.State == RolloutState.Failed) is { } failed)
            {
                throw new LocalException($"{failed.Kind} {failed.Name}: {failed.Reason}");
            }

            await Task.Delay(_poll, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The names of all logs: one a pod, and <c>balancer</c>. Also those of an ended run.</summary>
    public IReadOnlyList<string> Logs() =>
        Directory.Exists(_state.Logs)
            ? [.. Directory.EnumerateFiles(_state.Logs, "*.log").Select(
                path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The last lines of a log, and with <paramref name="follow"/> those that come, until cancelled.</summary>
    /// <exception cref="LocalException">There is no such log.</exception>
    public async IAsyncEnumerable<string> ReadLogAsync(
        string name, int lines = 100, bool follow = false, [
            System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!Logs().Contains(name))
        {
            throw new LocalException(
                $"There is no log '{name}'; there are "
                    + $"{(Logs() is { Count: > 0 } all ? string.Join(", ", all) : $"none in {_state.Logs}")}.");
        }

        await foreach (var line in new LogReader(
            _state.LogFile(name), _time, _poll).ReadAsync(lines, follow, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    private async Task FollowFromNowAsync(IProgress<LocalEvent> events, CancellationToken cancellationToken)
    {
        var from = _time.GetUtcNow();
        try
        {
            await FollowAsync(new Filter(one => one.At >= from, events), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LocalException or OperationCanceledException)
        {
            // It is gone, which is what was asked for.
        }
    }

    private async Task<string> DoneAsync(ControlRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(request, cancellationToken).ConfigureAwait(false)).Done ?? string.Empty;

    private async Task<ControlAnswer> AskAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        await foreach (var answer in SendAsync(request, cancellationToken).ConfigureAwait(false))
        {
            return answer.Error is { } error ? throw new LocalException(error) : answer;
        }

        throw new LocalException("The stack ended before it answered.");
    }

    private async IAsyncEnumerable<ControlAnswer> SendAsync(
        ControlRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_state.ControlSocket), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new LocalException(
                IsRunning ? $"The stack is starting or ending; try again in a moment: {_state.Command("status")}" : NotRunning, e);
        }

        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(
            System.Text.Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, ControlProtocol.Json) + "\n"), cancellationToken)
            .ConfigureAwait(false);
        using var reader = new StreamReader(stream);
        while (await ReadAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return JsonSerializer.Deserialize<ControlAnswer>(line, ControlProtocol.Json)!;
        }
    }

    private static async Task<string?> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Filter(Func<LocalEvent, bool> wanted, IProgress<LocalEvent> inner) : IProgress<LocalEvent>
    {
        public void Report(LocalEvent value)
        {
            if (wanted(value))
            {
                inner.Report(value);
            }
        }
    }
}
