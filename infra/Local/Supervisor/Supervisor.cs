using System.Collections.Concurrent;
using System.Threading.Channels;
using Candor.Planning;

namespace Candor.Local;

/// <summary>The one long-living process of a stack: owns the cluster's loop and does what clients ask within it.</summary>
internal sealed partial class Supervisor : IDisposable
{
    /// <summary>How often the balancer is asked and the controllers act when nothing happens.</summary>
    internal static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    /// <summary>The log of what went wrong with the supervisor itself.</summary>
    private const string Log = "supervisor";

    /// <summary>How often a dependency may end before it was ever ready, until it counts as one that will not start.</summary>
    private const int FailedStarts = 2;

    private readonly LocalOptions _options;
    private readonly StateFolder _state;
    private readonly EventHub _events;
    private readonly TimeProvider _time;
    private readonly RunRecord _record;
    private readonly Cluster _cluster;
    private readonly DateTimeOffset _startedAt;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentQueue<Func<Action>> _requests = new();
    private readonly TaskCompletionSource<bool> _downRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MonitoringStack? _monitoring;
    private int? _managementPort;
    private IReadOnlyDictionary<string, LocalProgram> _programs;
    private string? _problem;
    private PageWatch? _watch;
    private StatusPage? _page;
    private bool _wasHealthy;
    private bool _everHealthy;

    public Supervisor(
        Plan plan, LocalOptions options, StateFolder state, RunRecord record, EventHub events, TimeProvider time, AddressBlock block)
    {
        _options = options;
        _state = state;
        _events = events;
        _time = time;
        _record = record;
        _programs = options.Programs;
        _startedAt = time.GetUtcNow();
        _managementPort = plan.Contract?.ManagementPort;
        KeepPlan(plan);
        var images = new ImageCatalog(options.Programs, state.Images);
        var manifest = ManifestReader.Read(plan, options.Speed, images.Digest);
        _cluster = new(
            plan,
            manifest,
            state,
            block,
            images,
            environment => new Node(state, record.RunId, options.Speed, time, events, environment)
            {
                Changed = Wake,
                Network = options.Isolated ? new(state, block.Number) : null,
            },
            (node, read) => new Balancer(node, state, read, options.Listen));
        if (options.Monitoring)
        {
            _monitoring = new(
                _cluster.Node,
                state,
                block,
                MonitoringSpec.Read(plan),
                new Uri(_cluster.Balancer.Urls is [var url, ..] ? url : $"http://{options.Listen}"));
        }

        foreach (var note in manifest.Notes)
        {
            _cluster.Node.Report(LocalEventKind.Warning, "plan", note);
        }
    }

    /// <summary>Whether a client asked for the end, and whether at once.</summary>
    public Task<bool> DownRequested => _downRequested.Task;

    public LocalStatus Status { get; private set; } = null!;

    public EventHub Events => _events;

    /// <summary>Runs until stopped, then drains and ends everything; <paramref name="kill"/> skips the rest of the draining.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        try
        {
            _cluster.RequireImages();
            if (_monitoring is not null)
            {
                MonitoringStack.RequirePrograms();
            }

            _cluster.SayClosed(_monitoring?.Scrapes ?? []);
            await _cluster.StartAsync(stop).ConfigureAwait(false);
            await (_monitoring?.StartAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            Status = StatusNow();
            using var control = ControlServer.Start(_state.ControlSocket, this);
            await StartPageAsync().ConfigureAwait(false);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await RoundAsync(stop).ConfigureAwait(false);
                    _problem = null;
                }
                catch (Exception e) when (_everHealthy && !stop.IsCancellationRequested)
                {
                    // Running pods continue serving, and the next round tries again.
                    Keep(e);
                }

                await WaitAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            await EndAsync(kill).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _cluster.Dispose();

    /// <summary>Reports an unexpected error in a sentence; its details are in the supervisor's log.</summary>
    public string Unexpected(string what, Exception exception)
    {
        var message = $"{what} by an unexpected error: {exception.GetType().Name}: {exception.Message} The stack keeps running. Please "
            + $"report it; the details are in {_state.LogFile(Log)}.";
        _cluster.Node.LogOf(Log).Line($"{_time.GetUtcNow():O} {what}: {exception}");
        _cluster.Node.Report(LocalEventKind.Failure, _options.Stack, message);
        return message;
    }

    /// <summary>Asks for the end, as SIGTERM does.</summary>
    public void Down(bool now) => _downRequested.TrySetResult(now);

    /// <summary>Reported once as long as it is the same.</summary>
    private void Keep(Exception exception)
    {
        var said = $"{exception.GetType().Name}: {exception.Message}";
        if (_problem is null || !_problem.Contains(said, StringComparison.Ordinal))
        {
            _problem = exception is LocalException
                ? $"{said} The stack keeps running."
                : Unexpected("A round of the supervisor failed", exception);
            if (exception is LocalException)
            {
                _cluster.Node.Report(LocalEventKind.Failure, _options.Stack, _problem);
            }
        }

        Status = Status with { Healthy = false, Problems = [.. Status.Problems.Append(_problem).Distinct()] };
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var answers = new List<Action>();
        while (_requests.TryDequeue(out var request))
        {
            answers.Add(request());
        }

        try
        {
            await _cluster.ReconcileAsync(cancellationToken).ConfigureAwait(false);
            _monitoring?.Follow(_cluster.Scraped);
            Status = StatusNow();
            _watch?.Follow(_cluster, Status, _managementPort, _page!.IsWatched, cancellationToken);
        }
        finally
        {
            answers.ForEach(answer => answer());
        }

        if (!_everHealthy)
        {
            RequireDependencies();
        }

        if (Status.Healthy != _wasHealthy)
        {
            _wasHealthy = Status.Healthy;
            _everHealthy |= _wasHealthy;
            if (_wasHealthy)
            {
                _cluster.Node.Report(LocalEventKind.Healthy, _options.Stack, $"everything is healthy: {string.Join(", ", Status.Urls)}");
            }
        }
    }

    /// <summary>A failed first start is the user's to fix; later the kubelet keeps trying.</summary>
    private void RequireDependencies()
    {
        foreach (var pod in _cluster.Pods.Where(
            p => p.Workload.Kind == WorkloadKind.StatefulSet
                    && p.Image.IsSystemProgram
                    && p.Status.Restarts >= FailedStarts
                    && !p.Status.ContainerReady))
        {
            throw new LocalException(
                $"{pod.Workload.Template.Container.Image} does not start (pod {pod.Name}): {pod.Status.Reason}."
                + $"{string.Concat(pod.LastLines(12).Select(line => $"\n    {line}"))}\n  Its data is kept in {pod.DataDirectory}, its "
                + $"log in {_state.LogFile(pod.Name)}.");
        }
    }

    /// <summary>A default port in use does not stop the stack; one that was asked for does.</summary>
    private async Task StartPageAsync()
    {
        if (_options.Page is not { } port)
        {
            return;
        }

        var watch = new PageWatch(this, _cluster, _record.RunId, new(_state, _time), _options);
        try
        {
            _page = await StatusPage.StartAsync(watch, port, _options.PageReadOnly, _time).ConfigureAwait(false);
            _watch = watch;
            _events.Also = watch.History;
            Status = StatusNow();
            _cluster.Node.Report(LocalEventKind.Progress, "page", $"status page at {_page.Url}");
        }
        catch (LocalException e) when (!_options.PageRequired)
        {
            watch.Dispose();
            _cluster.Node.Report(LocalEventKind.Warning, "page", e.Message);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Round, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            // Changes come in bursts; one round takes them all.
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing happened.
        }
    }

    private async Task EndAsync(CancellationToken kill)
    {
        if (Status is not null)
        {
            Status = Status with { Stopping = true, Healthy = false };
        }

        var node = _cluster.Node;
        using var hurry = kill.Register(() =>
        {
            foreach (var pod in _cluster.Pods)
            {
                pod.Terminate(TimeSpan.Zero);
            }
        });
        // What it holds (connections, locks) must not keep the stack from ending; its journal tells the next run what was done.
        if (_options.Faults is { } faults)
        {
            await faults.DisposeAsync().ConfigureAwait(false);
        }

        // A start that failed early has nothing to end, and its message stands alone.
        var balances = _cluster.Balancer.ProcessId is not null;
        var ran = balances || _cluster.Pods.Any();
        if (balances && !kill.IsCancellationRequested)
        {
            node.Report(LocalEventKind.Progress, "balancer", "takes no new connections");
            await _cluster.Balancer.DrainAsync(LongestRequest(), kill).ConfigureAwait(false);
        }

        // What serves goes before what it depends on.
        foreach (var kind in new[] { WorkloadKind.Deployment, WorkloadKind.StatefulSet })
        {
            var pods = _cluster.Pods.Where(p => p.Workload.Kind == kind).ToList();
            foreach (var pod in pods)
            {
                pod.Terminate(kill.IsCancellationRequested ? TimeSpan.Zero : null);
            }

            await Task.WhenAll(pods.Select(pod => pod.Ended)).ConfigureAwait(false);
        }

        if (_monitoring is not null)
        {
            await _monitoring.DisposeAsync().ConfigureAwait(false);
        }

        if (_page is not null)
        {
            await _page.DisposeAsync().ConfigureAwait(false);
        }

        _watch?.Dispose();
        await _cluster.Balancer.DisposeAsync().ConfigureAwait(false);
        await IsolatedNetwork.CleanAsync(_state, CancellationToken.None).ConfigureAwait(false);
        if (ran)
        {
            node.Report(LocalEventKind.Progress, _options.Stack, "everything has ended");
        }
    }

    private TimeSpan LongestRequest() =>
        _cluster.Manifest.TargetGroups.Select(group => group.DeregistrationDelay).DefaultIfEmpty(TimeSpan.Zero).Max();

    private LocalStatus StatusNow() => new()
    {
        Stack = _options.Stack,
        Supervisor = _record.Supervisor,
        StartedAt = _startedAt,
        Speed = _options.Speed,
        Isolated = _options.Isolated,
        Healthy = _cluster.Healthy,
        Problems = [.. new[] { _cluster.Balancer.Problem, _cluster.Node.Logs.Problem }.OfType<string>()],
        Urls = _cluster.Balancer.Urls,
        Page = _page?.Url,
        Monitoring = _monitoring?.Parts ?? [],
        Workloads = [.. _cluster.Controllers.Select(controller => controller.Status)],
        Pods = [.. _cluster.Pods.Select(PodNow)],
        Targets =
        [
            .. _cluster.Balancer.Targets.Select(target => new LocalTargetHealth
            {
                TargetGroup = target.Wanted.TargetGroup,
                Pod = target.Wanted.Pod,
                Endpoint = $"{target.Wanted.Address}:{target.Wanted.Port}",
                State = target.State,
                Reason = _cluster.ReasonOf(target),
                Requests = target.Requests,
            }),
        ],
    };

    private LocalPod PodNow(Pod pod)
    {
        var status = pod.Status;
        return new()
        {
            Name = pod.Name,
            Workload = pod.Workload.Name,
            Address = pod.Address.ToString(),
            Ports = pod.Template.Container.Ports,
            ProcessId = status.ProcessId,
            Phase = status.Phase.ToString(),
            Ready = _cluster.IsReady(pod),
            Restarts = status.Restarts,
            LastExitCode = status.LastExitCode,
            StartedAt = status.StartedAt,
            Reason = _cluster.ReasonOf(pod),
            Log = _state.LogFile(pod.Name),
        };
    }
}
