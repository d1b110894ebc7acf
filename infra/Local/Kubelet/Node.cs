using System.Net;

namespace Candor.Local;

/// <summary>The machine that the pods run on: what every pod needs, in one place.</summary>
internal sealed class Node : IDisposable
{
    private readonly StateFolder _state;
    private readonly Spawner _spawner = new();
    private readonly IProgress<LocalEvent> _events;
    private readonly Func<Pod, IReadOnlyDictionary<string, string>> _environment;

    public Node(
        StateFolder state,
        string runId,
        double speed,
        TimeProvider time,
        IProgress<LocalEvent> events,
        Func<Pod, IReadOnlyDictionary<string, string>> environment)
    {
        _state = state;
        _events = events;
        _environment = environment;
        RunId = runId;
        Speed = speed;
        Time = time;
        Prober = new(time);
        Board = new(time);
        Logs = new(state, (kind, message) => Report(kind, "logs", message));
    }

    public string RunId { get; }

    public double Speed { get; }

    public TimeProvider Time { get; }

    public Prober Prober { get; }

    /// <summary>What every prober saw.</summary>
    public ProbeBoard Board { get; }

    public LogKeeper Logs { get; }

    /// <summary>Wakes the loop that acts on changes.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>The pods' own networks, or null without isolation.</summary>
    public IsolatedNetwork? Network { get; init; }

    /// <summary>The network namespace of a pod, or null without isolation.</summary>
    public string? NetworkOf(Pod pod) => Network?.PathOf(pod.Address);

    public void Report(LocalEventKind kind, string subject, string message) =>
        _events.Report(new(Time.GetUtcNow(), kind, subject, message));

    public LogFile LogOf(string pod) => Logs.Of(pod);

    public ContainerContext ContextOf(Pod pod)
    {
        // The folder itself is its image's to make, for the user that it runs as.
        TrustedPath.Create(Path.GetDirectoryName(pod.DataDirectory)!, StateFolder.OthersEnter);
        return new()
        {
            PodName = pod.Name,
            RunId = RunId,
            Address = pod.Address,
            OwnNetwork = Network is not null,
            Container = pod.Template.Container,
            Environment = _environment(pod),
            DataDirectory = pod.DataDirectory,
            Speed = Speed,
        };
    }

    /// <summary>Starts a process, after it has been made sure that it is found and ended whatever becomes of this one.</summary>
    public async Task<ChildProcess> StartAsync(string name, ProcessStart start, LogFile log, string? network = null)
    {
        var process = await _spawner.StartAsync(start with { NetworkNamespace = network ?? start.NetworkNamespace }, log)
            .ConfigureAwait(false);
        _state.Processes.Add(process.Id, process.StartTime, name);
        return process;
    }

    /// <summary>Gives a pod its network, where pods have their own.</summary>
    public Task JoinAsync(Pod pod) => Network?.JoinAsync(pod.Name, pod.Workload, pod.Address, CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>Takes it away again. A StatefulSet's pod comes back to its address.</summary>
    public Task LeaveAsync(Pod pod) =>
        Network?.LeaveAsync(pod.Name, keepAddress: pod.Workload.Kind == WorkloadKind.StatefulSet) ?? Task.CompletedTask;

    public void Forget(ChildProcess process) => _state.Processes.Remove(process.Id);

    /// <exception cref="LocalException">Another process listens on one of the pod's ports.</exception>
    public void RequireFreePorts(Pod pod)
    {
        if (Network is not null)
        {
            return;
        }

        foreach (var (name, port) in pod.Template.Container.Ports)
        {
            PortOwner.RequireFree(
                new IPEndPoint(pod.Address, port),
                $"Pod {pod.Name} (port {name})",
                "A process that listens on all addresses occupies that port of every pod; end it, or run with --isolated as root.");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Network?.Dispose();
        Prober.Dispose();
        _spawner.Dispose();
    }
}
