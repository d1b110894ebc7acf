using System.Globalization;
using System.Net;

namespace Candor.Local;

/// <summary>
/// The load balancer: one HAProxy, looked after for as long as the run lasts. What its admin socket cannot change, a new one takes over
/// with its listening sockets; the one before serves those who are connected to it until they are done.
/// </summary>
internal sealed class Balancer(Node node, StateFolder state, Manifest manifest, IPEndPoint listen) : IAsyncDisposable
{
    /// <summary>How long to wait after one ended, or could not be started.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly List<HaproxyInstance> _retiring = [];
    private readonly Dictionary<(string Group, string Pod), TargetState> _reported = [];
    private readonly TargetChecks _checks = new(node, manifest);
    private Manifest _manifest = manifest;
    private HaproxyInstance? _current;
    private int _generation;
    private bool _started;
    private bool _outdated;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>One URL a listener.</summary>
    public IReadOnlyList<string> Urls =>
        [.. ListenersOf(_manifest).Select(l => string.Create(CultureInfo.InvariantCulture, $"http://{l.Endpoint}"))];

    /// <summary>Every registered target, and what still drains from the ones before.</summary>
    public IReadOnlyList<TargetRegistry.Target> Targets { get; private set; } = [];

    /// <summary>Why it does not run, or not with the Plan's configuration, when it should; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Its process, or null while none runs.</summary>
    public int? ProcessId => _current is { HasExited: false } current ? current.ProcessId : null;

    /// <summary>Makes sure that it could go over to another Plan's target groups and listeners.</summary>
    /// <exception cref="LocalException">A port is in use, or HAProxy refuses the configuration.</exception>
    public async Task RequireAcceptableAsync(Manifest next, CancellationToken cancellationToken)
    {
        if (!BalancerChange.Between(_manifest, next).NeedsNewProcess)
        {
            return;
        }

        try
        {
            var listeners = ListenersOf(next);
            RequireFree(listeners, ListenersOf(_manifest), "End it and try again.");
            await HaproxyInstance.RequireAcceptableAsync(node, state, next.TargetGroups, listeners, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (LocalException e)
        {
            throw new LocalException($"{e.Message}\n  Nothing was applied.", e);
        }
    }

    /// <summary>Goes over to another Plan's target groups and listeners, with the next round where that needs a new process.</summary>
    public void Apply(Manifest next)
    {
        _outdated |= BalancerChange.Between(_manifest, next).NeedsNewProcess;
        _manifest = next;
        _checks.Apply(next);
        foreach (var instance in Instances)
        {
            instance.Apply(next.TargetGroups);
        }
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="LocalException">A port is in use, or HAProxy is not installed or refuses its configuration.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartNextAsync("End it, or choose another port with --listen.", cancellationToken).ConfigureAwait(false);
        _started = true;
    }

    /// <summary>Checks the wanted targets, and applies them and the results to HAProxy. An HAProxy that exited is restarted.</summary>
    public async Task ReconcileAsync(IReadOnlyCollection<WantedTarget> wanted, CancellationToken cancellationToken)
    {
        if (!_started)
        {
            return;
        }

        await RenewAsync(cancellationToken).ConfigureAwait(false);
        _checks.Follow(wanted);
        foreach (var instance in Instances)
        {
            await instance.ReconcileAsync(wanted, _checks.VerdictOf, cancellationToken).ConfigureAwait(false);
        }

        foreach (var old in _retiring.ToList())
        {
            if (await old.ConnectionsAsync(cancellationToken).ConfigureAwait(false) == 0)
            {
                _retiring.Remove(old);
                await old.DisposeAsync().ConfigureAwait(false);
            }
        }

        var registered = _current?.Targets ?? [];
        Targets =
        [
            .. registered,
            .. _retiring.SelectMany(old => old.Targets)
            .Where(t => t.State == TargetState.Draining && !registered.Any(r => r.Wanted == t.Wanted)),
        ];
        ReportChanges();
    }

    /// <summary>What the process that serves now has answered to users so far, or null when there is none.</summary>
    public Task<UserTotals?> UsersAsync(CancellationToken cancellationToken) =>
        _current?.UsersAsync(cancellationToken) ?? Task.FromResult<UserTotals?>(null);

    /// <summary>Takes no new connections, and waits until the requests there are have ended.</summary>
    public async Task DrainAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(atMost, node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            foreach (var instance in Instances)
            {
                await instance.StopAcceptingAsync(either.Token).ConfigureAwait(false);
            }

            foreach (var instance in Instances)
            {
                while (await instance.RequestsInFlightAsync(either.Token).ConfigureAwait(false) > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), node.Time, either.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Instances)
        {
            await instance.DisposeAsync().ConfigureAwait(false);
        }

        _retiring.Clear();
        _current = null;
        _checks.Dispose();
    }

    /// <summary>The one before first: what it still does is older.</summary>
    private IReadOnlyList<HaproxyInstance> Instances => _current is null ? [.. _retiring] : [.. _retiring, _current];

    private List<ListenerEndpoint> ListenersOf(Manifest of) =>
        [.. of.Listeners.Select((listener, index) => new ListenerEndpoint(listener, new IPEndPoint(listen.Address, listen.Port + index)))];

    private static void RequireFree(IEnumerable<ListenerEndpoint> wanted, IEnumerable<ListenerEndpoint> ours, string fix)
    {
        foreach (var (listener, endpoint) in wanted.Where(w => !ours.Any(o => o.Endpoint.Equals(w.Endpoint))))
        {
            PortOwner.RequireFree(endpoint, $"The balancer (listener {listener.Name})", fix);
        }
    }

    /// <summary>Starts one where there is none, or none with the configuration that is wanted.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var ended = _current is { HasExited: true };
        if ((!ended && !_outdated && (_current is not null || _manifest.Listeners.Count == 0)) || node.Time.GetUtcNow() < _notBefore)
        {
            return;
        }

        if (_current is { HasExited: true } dead)
        {
            node.Report(
                LocalEventKind.Failure, "balancer", $"ended with exit code {await dead.Exited.ConfigureAwait(false)}; restarting it");
            await dead.DisposeAsync().ConfigureAwait(false);
            // Without a running balancer there are no registered targets.
            _current = null;
            _notBefore = node.Time.GetUtcNow() + _pause;
        }

        try
        {
            await StartNextAsync("End it; the balancer then restarts automatically.", cancellationToken).ConfigureAwait(false);
        }
        catch (LocalException e)
        {
            _notBefore = node.Time.GetUtcNow() + _pause;
            // Retried every second, but reported only once.
            if (Problem != e.Message)
            {
                Problem = e.Message;
                node.Report(LocalEventKind.Failure, "balancer", e.Message);
            }
        }
    }

    private async Task StartNextAsync(string fix, CancellationToken cancellationToken)
    {
        var before = _current;
        var listeners = ListenersOf(_manifest);
        RequireFree(listeners, before?.Listeners ?? [], fix);
        _current = listeners.Count == 0
            ? null
            : await HaproxyInstance.StartAsync(node, state, ++_generation, _manifest.TargetGroups, listeners, before, cancellationToken)
                .ConfigureAwait(false);
        _outdated = false;
        Problem = null;
        if (listeners.Count > 0)
        {
            node.Report(
                LocalEventKind.Progress,
                "balancer",
                $"{(before is null ? "listens on" : "took over with another configuration:")} {string.Join(", ", Urls)}");
        }

        if (before is not null)
        {
            await before.StopAcceptingAsync(cancellationToken).ConfigureAwait(false);
            _retiring.Add(before);
        }
    }

    private void ReportChanges()
    {
        var seen = new HashSet<(string, string)>();
        // A pod whose endpoint has changed is registered twice until the deregistration of the former one has propagated: the new one
        // counts.
        foreach (var target in Targets.GroupBy(t => (t.Wanted.TargetGroup, t.Wanted.Pod)).Select(g => g.LastOrDefault(
            t => t.State != TargetState.Draining) ?? g.Last()))
        {
            var key = (target.Wanted.TargetGroup, target.Wanted.Pod);
            seen.Add(key);
            if (!_reported.TryGetValue(key, out var before) || before != target.State)
            {
                _reported[key] = target.State;
                node.Report(LocalEventKind.Target, target.Wanted.Pod, Describe(target));
                node.Changed();
            }
        }

        foreach (var gone in _reported.Keys.Where(key => !seen.Contains(key)).ToList())
        {
            _reported.Remove(gone);
            node.Report(LocalEventKind.Target, gone.Pod, $"no longer in {gone.Group}");
            node.Changed();
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
