using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>Collects for the status page what the supervisor's rounds see, and passes on what it asks for.</summary>
internal sealed class PageWatch : IPageSource, IDisposable
{
    private static readonly TimeSpan _usersEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _podsEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _recordEvery = TimeSpan.FromSeconds(1);

    private readonly Supervisor _supervisor;
    private readonly PodVerdicts _verdicts = new();
    private readonly TimeProvider _time;
    private readonly LocalOptions _options;
    private readonly Cluster _cluster;
    private long? _usersAt;
    private long? _podsAt;
    private long? _recordedAt;
    private Task _users = Task.CompletedTask;
    private Task _pods = Task.CompletedTask;

    public PageWatch(Supervisor supervisor, Cluster cluster, string runId, LocalClient client, LocalOptions options)
    {
        _supervisor = supervisor;
        _cluster = cluster;
        _time = cluster.Node.Time;
        _options = options;
        RunId = runId;
        Client = client;
        Board = cluster.Node.Board;
        History = new(_time);
        Recorder = new(_time);
    }

    public string RunId { get; }

    public LocalClient Client { get; }

    public ProbeBoard Board { get; }

    public PageHistory History { get; }

    public LocalStatus Status => _supervisor.Status;

    public IReadOnlyDictionary<string, JsonElement> Verdicts => _verdicts.Latest;

    public IReadOnlyList<PageLink> Links { get; private set; } = [];

    public IReadOnlyList<MadeFault> Faults => _options.Faults?.Made ?? [];

    public PageRecorder Recorder { get; }

    public object FactsOf => _cluster.Plan;

    public JsonObject Facts => PageFacts.Of(_cluster.Plan, _cluster.Manifest, _options);

    /// <summary>One round; what takes time goes on beside it.</summary>
    public void Follow(Cluster cluster, LocalStatus status, int? managementPort, bool watched, CancellationToken cancellationToken)
    {
        History.Follow(status, Faults);
        Links = cluster.Links;
        if (_users.IsCompleted && IsDue(ref _usersAt, _usersEvery))
        {
            _users = CountAsync(cluster.Balancer, cancellationToken);
        }

        if (watched && managementPort is { } port && _pods.IsCompleted && IsDue(ref _podsAt, _podsEvery))
        {
            _pods = AskAsync(status.Pods, port, cluster.Plan.Contract?.Paths.Readiness ?? "/health", cancellationToken);
        }

        if (IsDue(ref _recordedAt, _recordEvery))
        {
            Recorder.Add(PageUpdate.Present(this, History.Since(long.MaxValue).Spans));
        }
    }

    public Task<string> ActAsync(PageAction action) => action.Action switch
    {
        "restart" => _supervisor.RestartAsync(action.Target),
        "undo" => _supervisor.UndoAsync(action.Target),
        "scale" => _supervisor.ScaleAsync(action.Target, action.Replicas),
        "drain" => _supervisor.DrainAsync(action.Target),
        "kill" => _supervisor.KillAsync(action.Target),
        "link" => _supervisor.SetLinkAsync(action.Target, action.Service, new(action.Mode, TimeSpan.FromMilliseconds(Math.Clamp(action.DelayMilliseconds, 0, 60_000)), Math.Clamp(action.Share, 0, 1))),
        "fault" => Injector().MakeAsync(action.Fault, action.Target, CancellationToken.None),
        "end-fault" => Injector().EndAsync(action.Fault, CancellationToken.None),
        "doctor" when action.Target.Length == 0 => (_options.StackDoctor ?? throw NoDoctor())(CancellationToken.None),
        "doctor" => AskDoctorAsync(action.Target),
        _ => throw new LocalException(
            $"'{action.Action}' is not an action; expected one of restart, undo, scale, drain, kill, link, fault, end-fault and doctor."),
    };

    public string Unexpected(string what, Exception exception) => _supervisor.Unexpected(what, exception);

    public void Dispose() => _verdicts.Dispose();

    /// <summary>Asks as the balancer does, or as the kubelet for a pod that is in no target group.</summary>
    private async Task<string> AskDoctorAsync(string name)
    {
        var pod = Status.Pods.FirstOrDefault(p => p.Name == name) ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", Status.Pods.Select(p => p.Name))}.");
        var doctor = _options.Doctor ?? throw NoDoctor();
        var group = Status.Targets.FirstOrDefault(t => t.Pod == name) is { } target ? _cluster.Manifest.TargetGroups.FirstOrDefault(g => g.Name == target.TargetGroup) : null;
        var readiness = _cluster.Manifest.Workloads.FirstOrDefault(w => w.Name == pod.Workload)?.Template.Container.Readiness;
        return (group, readiness) switch
        {
            ({ } asked, _) => await doctor(Url(pod, asked.CheckPort ?? Port(Status.Targets.First(t => t.Pod == name).Endpoint), asked.CheckPath), asked.Timeout, asked.Matcher, CancellationToken.None).ConfigureAwait(false),
            (null, { Action: ProbeAction.Http http } probe) => await doctor(Url(pod, http.Port, http.Path), probe.Timeout, "200-399", CancellationToken.None).ConfigureAwait(false),
            _ => throw new LocalException($"Pod {name} is not probed over HTTP, which the doctor needs here. Its log: ./candor logs {name}"),
        };
    }

    private static LocalException NoDoctor() => new("There is no doctor here: the stack was not started by ./candor up.");

    private IStackFaults Injector() =>
        _options.Faults ?? throw new LocalException("There is no catalogue of faults here: the stack was not started by ./candor up.");

    private static Uri Url(LocalPod pod, int port, string path) => new($"http://{pod.Address}:{port}/{path.TrimStart('/')}");

    private static int Port(string endpoint) => System.Net.IPEndPoint.Parse(endpoint).Port;

    private bool IsDue(ref long? before, TimeSpan every)
    {
        if (before is { } at && _time.GetElapsedTime(at) < every)
        {
            return false;
        }

        before = _time.GetTimestamp();
        return true;
    }

    private async Task CountAsync(Balancer balancer, CancellationToken cancellationToken)
    {
        try
        {
            if (await balancer.UsersAsync(cancellationToken).ConfigureAwait(false) is { } totals)
            {
                History.Add(totals);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private async Task AskAsync(IReadOnlyList<LocalPod> pods, int port, string path, CancellationToken cancellationToken)
    {
        try
        {
            await _verdicts.AskAsync(pods, port, path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The run ends.
        }
    }
}
