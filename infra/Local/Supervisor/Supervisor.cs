using System.Collections.Concurrent;
using System.Threading.Channels;
using Candor.Planning;

namespace Candor.Local;

/// <summary>The one long-living process of a stack: owns the cluster's loop and does what clients ask within it.</summary>
internal sealed class Supervisor : IDisposable
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
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
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

    public Supervisor(Plan plan, LocalOptions options, StateFolder state, RunRecord record, EventHub events, TimeProvider time, AddressBlock block)
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
            environment => new Node(state, record.RunId, options.Speed, time, events, environment) { Changed = Wake, Network = options.Isolated ? new(state, block.Number) : null },
            (node, read) => new Balancer(node, state, read, options.Listen));
        if (options.Monitoring)
        {
            _monitoring = new(_cluster.Node, state, block, MonitoringSpec.Read(plan), new Uri(_cluster.Balancer.Urls is [var url, ..] ? url : $"http://{options.Listen}"));
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

    /// <summary>Runs until told to stop, then drains and ends everything; <paramref name="kill"/> skips the rest of the draining.</summary>
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
                    // What runs serves on, and the next round tries again.
                    Keep(e);
                }

                await WaitAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            await EndAsync(kill).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _cluster.Dispose();

    /// <summary>Says that something went wrong that nobody thought of, in a sentence; the whole of it is in the supervisor's log.</summary>
    public string Unexpected(string what, Exception exception)
    {
        var message = $"{what} by an unexpected error: {exception.GetType().Name}: {exception.Message} The stack goes on. Please report it; the details are in {_state.LogFile(Log)}.";
        _cluster.Node.LogOf(Log).Line($"{_time.GetUtcNow():O} {what}: {exception}");
        _cluster.Node.Report(LocalEventKind.Failure, _options.Stack, message);
        return message;
    }

    /// <summary>Asks for the end, as SIGTERM does.</summary>
    public void Down(bool now) => _downRequested.TrySetResult(now);

    /// <summary>
    /// Does something within the loop, where nothing else is going on, and answers when the status shows it: who asks for the status
    /// next must not see the one before.
    /// </summary>
    public async Task<string> InvokeAsync(Func<string> action)
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Enqueue(() =>
        {
            try
            {
                var answer = action();
                return () => done.SetResult(answer);
            }
            catch (Exception e)
            {
                // Told to who asked; what runs is not to end by it.
                return () => done.SetException(e);
            }
        });
        Wake();
        return await done.Task.ConfigureAwait(false);
    }

    public Task<string> RestartAsync(string workload) => InvokeAsync(() =>
    {
        var deployment = Deployment(workload);
        deployment.RestartPods();
        return $"{deployment.Spec.Display} restarts";
    });

    public Task<string> UndoAsync(string workload) => InvokeAsync(() =>
    {
        var deployment = Deployment(workload);
        deployment.Undo();
        return $"{deployment.Spec.Display} goes back to the revision before";
    });

    public Task<string> ScaleAsync(string workload, int replicas) => InvokeAsync(() =>
    {
        if (replicas is < 0 or > HaproxyConfiguration.Slots / 2)
        {
            throw new LocalException($"{replicas} replicas cannot run here; it must be 0 to {HaproxyConfiguration.Slots / 2}.");
        }

        Controller controller = _cluster.Controllers.OfType<StatefulSetController>().FirstOrDefault(s => s.Spec.Name == workload) ?? (Controller)Deployment(workload);
        controller.Scale(replicas);
        return $"{controller.Spec.Display} scales to {replicas}";
    });

    /// <summary>Goes over to another Plan.</summary>
    public async Task<string> ApplyAsync(Plan plan, IReadOnlyDictionary<string, LocalProgram>? programs)
    {
        // Another program, or another build of it, may stand for the same image by now.
        programs ??= _programs;
        var images = new ImageCatalog(programs, _state.Images);
        var manifest = ManifestReader.Read(plan, _options.Speed, images.Digest);
        var monitoring = MonitoringSpec.Read(plan);
        await _cluster.Balancer.RequireAcceptableAsync(manifest, CancellationToken.None).ConfigureAwait(false);
        return await InvokeAsync(() =>
        {
            _managementPort = plan.Contract?.ManagementPort;
            var changes = _cluster.Apply(plan, manifest, images);
            _programs = programs;
            KeepPlan(plan);
            _monitoring?.Apply(monitoring);
            _cluster.SayClosed(_monitoring?.Scrapes ?? []);
            return changes;
        }).ConfigureAwait(false);
    }

    /// <summary>Makes the network between pods and a Service behave otherwise.</summary>
    public Task<string> SetLinkAsync(string from, string service, LinkSetting setting) => InvokeAsync(() =>
    {
        _cluster.SetLink(from, service, setting);
        return $"{from} to {service}: {setting.Mode}";
    });

    /// <summary>Ends a pod's process at once, as a crash would.</summary>
    public Task<string> KillAsync(string name) => InvokeAsync(() =>
    {
        var pod = _cluster.Pods.FirstOrDefault(p => p.Name == name)
            ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", _cluster.Pods.Select(p => p.Name))}.");
        return pod.Status.ProcessId is { } process && Signals.Send(process, Signal.Kill)
            ? $"{name} was killed (process {process})"
            : throw new LocalException($"Pod {name} has no running process to kill.");
    });

    /// <summary>Tells one pod to drain by itself, as an operator would by <c>POST /drain</c> on its management port.</summary>
    public async Task<string> DrainAsync(string name)
    {
        var pod = Status.Pods.FirstOrDefault(p => p.Name == name)
            ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", Status.Pods.Select(p => p.Name))}.");
        var port = _managementPort ?? throw new LocalException("The Plan has no contract, so there is no management port to drain a pod by.");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", _record.RunId);
        try
        {
            using var response = await client.PostAsync(new Uri($"http://{pod.Address}:{port}/drain"), null).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? $"{name} drains"
                : throw new LocalException($"Pod {name} answered {(int)response.StatusCode} to POST /drain on its management port {port}.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new LocalException($"Pod {name} does not answer on its management port {port}: {e.Message}", e);
        }
    }

    /// <summary>Said once as long as it is the same.</summary>
    private void Keep(Exception exception)
    {
        var said = $"{exception.GetType().Name}: {exception.Message}";
        if (_problem is null || !_problem.Contains(said, StringComparison.Ordinal))
        {
            _problem = exception is LocalException ? $"{said} The stack goes on." : Unexpected("A round of the supervisor failed", exception);
            if (exception is LocalException)
            {
                _cluster.Node.Report(LocalEventKind.Failure, _options.Stack, _problem);
            }
        }

        Status = Status with { Healthy = false, Problems = [.. Status.Problems.Append(_problem).Distinct()] };
    }

    /// <summary>Runs a command in a pod's container.</summary>
    public async Task<string> ExecAsync(string name, IReadOnlyList<string> command)
    {
        Pod? pod = null;
        await InvokeAsync(() =>
        {
            pod = _cluster.Pods.FirstOrDefault(p => p.Name == name);
            return pod?.Name ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", _cluster.Pods.Select(p => p.Name))}.");
        }).ConfigureAwait(false);
        var (exitCode, output) = await pod!.ExecAsync(command, CancellationToken.None).ConfigureAwait(false);
        return exitCode == 0 ? output : throw new LocalException($"'{command[0]}' in pod {name} ended with exit code {exitCode}:{Command.LastLines(output)}");
    }

    /// <summary>Writes down what runs, for the doctor. Nothing here depends on it, so a full disk does not end the stack.</summary>
    private void KeepPlan(Plan plan)
    {
        try
        {
            var partial = _state.PlanFile + ".new";
            File.WriteAllText(partial, PlanJson.Serialize(plan));
            File.Move(partial, _state.PlanFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(_state.PlanFile);
        }
    }

    private DeploymentController Deployment(string name)
    {
        var all = _cluster.Controllers.OfType<DeploymentController>().ToList();
        var found = all.Where(d => name.Length == 0 || d.Spec.Name == name || $"deployment/{d.Spec.Name}" == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new LocalException($"There is no Deployment '{name}'; there are {string.Join(", ", all.Select(d => d.Spec.Name))}."),
            _ => throw new LocalException($"Say which Deployment: {string.Join(", ", all.Select(d => d.Spec.Name))}."),
        };
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

    /// <summary>The first start is the user's to fix; later the kubelet goes on trying.</summary>
    private void RequireDependencies()
    {
        foreach (var pod in _cluster.Pods.Where(p => p.Workload.Kind == WorkloadKind.StatefulSet && p.Image.IsSystemProgram && p.Status.Restarts >= FailedStarts && !p.Status.ContainerReady))
        {
            throw new LocalException(
                $"{pod.Workload.Template.Container.Image} will not start (pod {pod.Name}): {pod.Status.Reason}."
                + $"{string.Concat(pod.LastLines(12).Select(line => $"\n    {line}"))}\n  Its data is kept in {pod.DataDirectory}, its log in {_state.LogFile(pod.Name)}.");
        }
    }

    /// <summary>Somebody else's port is no reason to do without the stack, unless it was asked for by name.</summary>
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
