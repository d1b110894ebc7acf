using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>A listener and where it listens on this machine.</summary>
internal sealed record ListenerEndpoint(ListenerSpec Listener, IPEndPoint Endpoint);

/// <summary>One HAProxy process: the configuration it was started with, and the targets it was led to.</summary>
internal sealed class HaproxyInstance : IAsyncDisposable
{
    /// <summary>How long one may take until its admin socket answers. Reached only when something is broken.</summary>
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(10);

    private readonly Node _node;
    private readonly HaproxyAdmin _admin;
    private readonly string _configuration;
    private readonly string _socket;
    private readonly TargetRegistry _registry;
    private readonly ChildProcess _process;

    private HaproxyInstance(
        Node node,
        string configuration,
        string socket,
        IReadOnlyList<ListenerEndpoint> listeners,
        TargetRegistry registry,
        ChildProcess process)
    {
        _node = node;
        _configuration = configuration;
        _socket = socket;
        _admin = new(socket);
        _registry = registry;
        _process = process;
        Listeners = listeners;
    }

    public IReadOnlyList<ListenerEndpoint> Listeners { get; }

    public IReadOnlyList<TargetRegistry.Target> Targets => _registry.Targets;

    public int ProcessId => _process.Id;

    /// <summary>Ends with the process.</summary>
    public Task<int> Exited => _process.Exited;

    public bool HasExited => _process.HasExited;

    /// <summary>
    /// Starts one, and waits until it takes commands. It takes over the listening sockets of <paramref name="before"/>, so that no
    /// connection that waits to be accepted is lost, and what that one knew of the targets, so that none has to prove itself again.
    /// </summary>
    /// <exception cref="LocalException">HAProxy is not installed, refuses the configuration, or ends.</exception>
    public static async Task<HaproxyInstance> StartAsync(
        Node node, StateFolder state, int generation, IReadOnlyList<TargetGroupSpec> groups, IReadOnlyList<ListenerEndpoint> listeners,
        HaproxyInstance? before, CancellationToken cancellationToken)
    {
        var (configuration, socket) = (state.BalancerConfiguration(generation), state.BalancerSocket(generation));
        var registry = new TargetRegistry(groups.ToDictionary(g => g.Name, StringComparer.Ordinal), node.Time, before?.Targets ?? []);
        var text = HaproxyConfiguration.Render(groups, listeners, node.Speed, socket, node.Network?.BalancerSource, registry.Targets);
        await WriteAsync(state, configuration, text, cancellationToken).ConfigureAwait(false);
        await RequireAcceptedAsync(node, configuration, cancellationToken).ConfigureAwait(false);
        File.Delete(socket);
        var process = await node.StartAsync(
            "balancer",
            Start(node, ["-db", "-f", configuration, .. before is null ? Array.Empty<string>() : ["-x", before._socket]]),
            node.LogOf("balancer")).ConfigureAwait(false);
        var instance = new HaproxyInstance(node, configuration, socket, listeners, registry, process);
        try
        {
            await instance.UntilItAnswersAsync(cancellationToken).ConfigureAwait(false);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that HAProxy would take what target groups and listeners make.</summary>
    /// <exception cref="LocalException">It would not; the message has its words.</exception>
    public static async Task RequireAcceptableAsync(
        Node node,
        StateFolder state,
        IReadOnlyList<TargetGroupSpec> groups,
        IReadOnlyList<ListenerEndpoint> listeners,
        CancellationToken cancellationToken)
    {
        // Generations begin with 1.
        const int Candidate = 0;
        var configuration = state.BalancerConfiguration(Candidate);
        await WriteAsync(
            state,
            configuration,
            HaproxyConfiguration.Render(groups, listeners, node.Speed, state.BalancerSocket(Candidate), node.Network?.BalancerSource, []),
            cancellationToken).ConfigureAwait(false);
        await RequireAcceptedAsync(node, configuration, cancellationToken).ConfigureAwait(false);
        // A refused one is kept, for HAProxy's words name its lines.
        File.Delete(configuration);
    }

    /// <summary>Goes over to other deregistration delays.</summary>
    public void Apply(IReadOnlyList<TargetGroupSpec> groups) => _registry.Apply(groups);

    /// <summary>Applies the wanted targets and the results of their checks.</summary>
    public async Task ReconcileAsync(
        IReadOnlyCollection<WantedTarget> wanted, Func<WantedTarget, TargetVerdict> verdictOf, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(_registry.Follow(wanted), cancellationToken).ConfigureAwait(false);
            await SendAsync(
                _registry.Observe(await _admin.ServersAsync(cancellationToken).ConfigureAwait(false), verdictOf),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It has just exited; the next round detects that. What was sent may be lost, so all of it is sent again.
            _registry.Clear();
        }
    }

    /// <summary>
    /// Takes no new connections. Those that are kept open stay: the answer to their next request closes them, so that no user finds a
    /// connection closed that a request was just sent over.
    /// </summary>
    public async Task StopAcceptingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync([.. Listeners.Select(l => $"shutdown frontend {l.Listener.Name}")], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It is gone, and its listeners with it.
        }
    }

    /// <summary>What it has answered to users so far, or null when it is gone.</summary>
    public async Task<UserTotals?> UsersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _admin.UsersAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    /// <summary>How many connections its users hold; none when it is gone.</summary>
    public Task<int> ConnectionsAsync(CancellationToken cancellationToken) => CountAsync(_admin.ConnectionsAsync, cancellationToken);

    /// <summary>How many requests are on their way to a target; none when it is gone.</summary>
    public Task<int> RequestsInFlightAsync(CancellationToken cancellationToken) =>
        CountAsync(
            async token => (await _admin.ServersAsync(token).ConfigureAwait(false)).Sum(server => server.Current), cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.KillSession();
        await _process.Exited.ConfigureAwait(false);
        _node.Forget(_process);
        _process.Dispose();
        File.Delete(_socket);
        File.Delete(_configuration);
    }

    private static ProcessStart Start(Node node, string[] arguments) => new()
    {
        Program = SystemPrograms.Require("haproxy"),
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath, [RunMarker.Variable] = node.RunId },
    };

    private static async Task WriteAsync(StateFolder state, string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"The balancer's configuration {path} cannot be written", state.Path, e);
        }
    }

    private static async Task RequireAcceptedAsync(Node node, string configuration, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Command.RunAsync(Start(node, ["-c", "-q", "-f", configuration]), null, cancellationToken)
            .ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new LocalException(
                "HAProxy rejects the configuration generated from the Plan's target group and listener "
                    + $"({configuration}):{Command.LastLines(output)}");
        }
    }

    private async Task UntilItAnswersAsync(CancellationToken cancellationToken)
    {
        var since = _node.Time.GetTimestamp();
        while (true)
        {
            if (_process.HasExited || _node.Time.GetElapsedTime(since) > _startLimit)
            {
                var what = _process.HasExited
                    ? $"it ended with exit code {await _process.Exited.ConfigureAwait(false)}"
                    : $"its admin socket does not answer within {_startLimit.TotalSeconds} s";
                throw new LocalException($"The balancer does not start: {what}. Its output is in {_node.LogOf("balancer").Path}.");
            }

            try
            {
                await _admin.ConnectionsAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _node.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> CountAsync(Func<CancellationToken, Task<int>> count, CancellationToken cancellationToken)
    {
        try
        {
            return await count(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return 0;
        }
    }

    private async Task SendAsync(IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        if (commands.Count == 0)
        {
            return;
        }

        var answer = await _admin.SendAsync(commands, cancellationToken).ConfigureAwait(false);
        // HAProxy reports a changed address, which is no error.
        var problems = answer.Split('\n')
            .Where(line => line.Length > 0 && !line.Contains("changed from", StringComparison.Ordinal) && !line.StartsWith(
                "no need to change", StringComparison.Ordinal))
            .ToList();
        if (problems.Count > 0)
        {
            _node.Report(LocalEventKind.Warning, "balancer", string.Join("; ", problems));
        }
    }
}
