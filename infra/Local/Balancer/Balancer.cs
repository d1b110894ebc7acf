using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>The load balancer: one HAProxy, looked after for as long as the run lasts.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly Node _node;
    private readonly StateFolder _state;
    private Manifest _manifest;
    private readonly List<(ListenerSpec Listener, IPEndPoint Endpoint)> _listeners;
    private readonly HaproxyAdmin _admin;
    private readonly TargetRegistry _registry;
    private readonly Dictionary<(string Group, string Pod), TargetState> _reported = [];
    private ChildProcess? _process;
    private bool _started;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    public Balancer(Node node, StateFolder state, Manifest manifest, IPEndPoint listen)
    {
        _node = node;
        _state = state;
        _manifest = manifest;
        _listeners = [.. manifest.Listeners.Select((listener, index) => (listener, new IPEndPoint(listen.Address, listen.Port + index)))];
        _admin = new(state.BalancerSocket);
        _registry = new(ByName(manifest), node.Time);
    }

    /// <summary>One URL a listener.</summary>
    public IReadOnlyList<string> Urls => [.. _listeners.Select(l => string.Create(CultureInfo.InvariantCulture, $"http://{l.Endpoint}"))];

    /// <summary>Every registered target.</summary>
    public IReadOnlyList<TargetRegistry.Target> Targets => _registry.Targets;

    /// <summary>Why it does not run, when it should; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Its process, or null while none runs.</summary>
    public int? ProcessId => _process is { HasExited: false } process ? process.Id : null;

    /// <summary>Goes over to another Plan's target groups, of which only what <see cref="BalancerChange"/> takes over may differ.</summary>
    public void Apply(Manifest manifest)
    {
        _manifest = manifest;
        _registry.Apply(ByName(manifest));
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="LocalException">A port is in use, or HAProxy is not installed or refuses its configuration.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_listeners.Count == 0)
        {
            return;
        }

        foreach (var (listener, endpoint) in _listeners)
        {
            PortOwner.RequireFree(endpoint, $"The balancer (listener {listener.Name})", _started ? "End it, and the balancer comes back by itself." : "End it, or choose another port with --listen.");
        }

        await WriteConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath, [RunMarker.Variable] = _node.RunId };
        var haproxy = SystemPrograms.Require("haproxy");
        var check = new ProcessStart { Program = haproxy, Arguments = ["-c", "-q", "-f", _state.BalancerConfiguration], Environment = environment };
        var (exitCode, output) = await Command.RunAsync(check, null, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new LocalException($"HAProxy refuses the configuration that the Plan's target group and listener make ({_state.BalancerConfiguration}):{Command.LastLines(output)}");
        }

        File.Delete(_state.BalancerSocket);
        _registry.Clear();
        _process = await _node.StartAsync(
            "balancer",
            new() { Program = haproxy, Arguments = ["-db", "-f", _state.BalancerConfiguration], Environment = environment },
            _node.LogOf("balancer")).ConfigureAwait(false);
        _started = true;
        Problem = null;
        _node.Report(LocalEventKind.Progress, "balancer", $"listens on {string.Join(", ", Urls)}");
    }

    /// <summary>Makes HAProxy follow the wanted targets, and takes in what its checks saw. A dead one is started again.</summary>
    public async Task ReconcileAsync(IReadOnlyCollection<WantedTarget> wanted, CancellationToken cancellationToken)
    {
        if (!_started || !await AliveAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await SendAsync(_registry.Follow(wanted), cancellationToken).ConfigureAwait(false);
            await SendAsync(_registry.Observe(await _admin.ServersAsync(cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It has only just started, or has only just died; the next round knows more. What was sent may be lost, so begin anew.
            _registry.Clear();
        }

        ReportChanges();
    }

    /// <summary>Takes no new connections, and waits until those there are have ended.</summary>
    public async Task DrainAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        // SIGUSR1 is HAProxy's soft stop.
        Signals.Send(process.Id, (Signal)10);
        await Task.WhenAny(process.Exited, Task.Delay(atMost, _node.Time, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.KillSession();
            await process.Exited.ConfigureAwait(false);
            _node.Forget(process);
            process.Dispose();
            _process = null;
        }
    }

    private static Dictionary<string, TargetGroupSpec> ByName(Manifest manifest) => manifest.TargetGroups.ToDictionary(g => g.Name, StringComparer.Ordinal);

    private async Task<bool> AliveAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false })
        {
            return true;
        }

        if (_node.Time.GetUtcNow() < _notBefore)
        {
            return false;
        }

        _notBefore = _node.Time.GetUtcNow() + TimeSpan.FromSeconds(1);
        if (_process is { } ended)
        {
            _node.Report(LocalEventKind.Failure, "balancer", $"ended with exit code {await ended.Exited.ConfigureAwait(false)}; starting it again");
            _node.Forget(ended);
            ended.Dispose();
            _process = null;
            // Nobody is a target of a balancer that is not there.
            _registry.Clear();
        }

        try
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LocalException e)
        {
            // Tried again every second, but said only once.
            if (Problem != e.Message)
            {
                Problem = e.Message;
                _node.Report(LocalEventKind.Failure, "balancer", e.Message);
            }
        }

        return false;
    }

    private async Task WriteConfigurationAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = HaproxyConfiguration.Render(_manifest.TargetGroups, _listeners, _state.BalancerSocket, _node.Network?.BalancerSource);
            await File.WriteAllTextAsync(_state.BalancerConfiguration, text, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"The balancer's configuration {_state.BalancerConfiguration} cannot be written", _state.Path, e);
        }
    }

    private async Task SendAsync(IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        if (commands.Count == 0)
        {
            return;
        }

        var answer = await _admin.SendAsync(commands, cancellationToken).ConfigureAwait(false);
        // HAProxy tells of a changed address, which is no error.
        var problems = answer.Split('\n').Where(line => line.Length > 0 && !line.Contains("changed from", StringComparison.Ordinal) && !line.StartsWith("no need to change", StringComparison.Ordinal)).ToList();
        if (problems.Count > 0)
        {
            _node.Report(LocalEventKind.Warning, "balancer", string.Join("; ", problems));
        }
    }

    private void ReportChanges()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var target in _registry.Targets)
        {
            var key = (target.Wanted.TargetGroup, target.Wanted.Pod);
            seen.Add(key);
            if (!_reported.TryGetValue(key, out var before) || before != target.State)
            {
                _reported[key] = target.State;
                _node.Report(LocalEventKind.Target, target.Wanted.Pod, Describe(target));
                _node.Changed();
            }
        }

        foreach (var gone in _reported.Keys.Where(key => !seen.Contains(key)).ToList())
        {
            _reported.Remove(gone);
            _node.Report(LocalEventKind.Target, gone.Pod, $"no longer in {gone.Group}");
            _node.Changed();
        }
    }

    private static string Describe(TargetRegistry.Target target) => target.State switch
    {
        TargetState.Initial => $"registered in {target.Wanted.TargetGroup}, waits for its first check",
        TargetState.Healthy => $"healthy in {target.Wanted.TargetGroup}",
        TargetState.Unhealthy => $"unhealthy in {target.Wanted.TargetGroup}: {target.Reason}",
        _ => $"draining from {target.Wanted.TargetGroup}",
    };
}
