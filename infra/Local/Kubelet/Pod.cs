using System.Globalization;
using System.Net;

namespace Candor.Local;

/// <summary>One pod, from its first start to its end, as the kubelet looks after it.</summary>
internal sealed class Pod
{
    private readonly Node _node;
    private readonly ContainerImage _image;
    private readonly RestartBackoff _backoff;
    private readonly LogFile _log;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GracePeriod _grace;
    private PodStatus _status = new();

    public Pod(Node node, WorkloadSpec workload, string name, IPAddress address, string dataDirectory, ContainerImage image)
    {
        _node = node;
        _image = image;
        _backoff = new(node.Speed);
        _log = node.LogOf(name);
        _grace = new(workload.Template.TerminationGrace);
        Workload = workload;
        Template = workload.Template;
        Name = name;
        Address = address;
        DataDirectory = dataDirectory;
        Ended = RunAsync();
    }

    public WorkloadSpec Workload { get; }

    public PodTemplate Template { get; }

    public string Name { get; }

    public IPAddress Address { get; }

    public string DataDirectory { get; }

    public ContainerImage Image => _image;

    /// <summary>Ends when the pod is gone.</summary>
    public Task Ended { get; }

    public PodStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    public IReadOnlyList<string> LastLines(int count) => _log.Tail(count);

    /// <summary>
    /// Ends it: preStop, the stop signal, the grace, SIGKILL. A second call with a shorter grace period shortens the first.
    /// </summary>
    public void Terminate(TimeSpan? grace = null)
    {
        if (grace is { } shorter)
        {
            _grace.Shorten(shorter);
        }

        if (_leave.TrySetResult())
        {
            Update(s => s with { Phase = PodPhase.Terminating, Reason = "told to end" });
            _node.Report(LocalEventKind.Pod, Name, "told to end");
        }
    }

    /// <summary>Runs a command in the container, as <c>kubectl exec</c> does.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    /// <exception cref="LocalException">No process runs in the pod, or the program is not installed.</exception>
    public Task<(int ExitCode, string Output)> ExecAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Status.ProcessId is null
            ? throw new LocalException($"Pod {Name} is not running, so nothing can be run in it.")
            : Command.RunAsync(InPod(_image.Exec(_node.ContextOf(this), command)), null, cancellationToken);

    private async Task RunAsync()
    {
        // The constructor returns first.
        await Task.Yield();
        while (!_leave.Task.IsCompleted)
        {
            var began = _node.Time.GetTimestamp();
            try
            {
                await RunContainerAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is LocalException or IOException or UnauthorizedAccessException)
            {
                // A full disk or a port in use may be gone by the next attempt.
                Update(s => s with { Reason = e.Message });
                _node.Report(LocalEventKind.Failure, Name, e.Message);
            }
            catch (Exception e)
            {
                // An unexpected error: the pod reports it and tries again instead of stopping for ever.
                var reason = $"unexpected {e.GetType().Name}: {e.Message}";
                Update(s => s with { Reason = reason });
                _log.Line(e.ToString());
                _node.Report(LocalEventKind.Failure, Name, $"{reason} (please report it; details in its log)");
            }

            if (_leave.Task.IsCompleted)
            {
                break;
            }

            await BackOffAsync(_backoff.After(_node.Time.GetElapsedTime(began))).ConfigureAwait(false);
        }

        await _node.LeaveAsync(this).ConfigureAwait(false);
        Update(s => s with { Phase = PodPhase.Ended, ProcessId = null, ContainerReady = false });
    }

    private async Task RunContainerAsync()
    {
        await _node.JoinAsync(this).ConfigureAwait(false);
        var context = _node.ContextOf(this);
        var start = await _image.PrepareAsync(context, CancellationToken.None).ConfigureAwait(false);
        _node.RequireFreePorts(this);
        using var process = await _node.StartAsync(Name, start, _log, _node.NetworkOf(this)).ConfigureAwait(false);
        Update(s => s with { Phase = PodPhase.Running, ProcessId = process.Id, StartedAt = _node.Time.GetUtcNow(), Reason = "starting" });
        _node.Report(
            LocalEventKind.Pod, Name, string.Create(CultureInfo.InvariantCulture, $"started as process {process.Id} on {Address}"));

        using var stop = new CancellationTokenSource();
        var probes = new ContainerProbes(Template.Container, _node.Time, (spec, ct) => ProbeAsync(spec, context, ct), stop.Token)
        {
            Readiness = SetReady,
            Started = () => Update(s => s with { Started = true }),
        };
        var probing = probes.RunAsync();
        await Task.WhenAny(process.Exited, probes.LivenessFailed, _leave.Task).ConfigureAwait(false);

        var why = string.Empty;
        if (!process.HasExited)
        {
            probes.BeginTermination();
            if (!_leave.Task.IsCompleted)
            {
                why = await probes.LivenessFailed.ConfigureAwait(false) + "; ";
                _node.Report(LocalEventKind.Pod, Name, $"{why}restarting it");
            }

            await new Termination(process, _image, context, _node, _grace).EndAsync(Template.Container.PreStop).ConfigureAwait(false);
        }

        var exitCode = await process.Exited.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        process.KillSession();
        _node.Forget(process);
        var ended = $"{why}ended with exit code {exitCode}{Meaning(exitCode)}";
        Update(s => s with
        {
            Started = false,
            ContainerReady = false,
            ProcessId = null,
            LastExitCode = exitCode,
            Reason = ended,
        });
        _node.Report(LocalEventKind.Pod, Name, ended);
    }

    private async Task<ProbeResult> ProbeAsync(ProbeSpec spec, ContainerContext context, CancellationToken cancellationToken)
    {
        var began = _node.Time.GetTimestamp();
        var result = await _node.Prober.ProbeAsync(
            Here(spec, context), Address, command => InPod(_image.Exec(context, command)), cancellationToken)
            .ConfigureAwait(false);
        var prober = ReferenceEquals(spec, Template.Container.Startup) ? ProberKind.Startup
            : ReferenceEquals(spec, Template.Container.Liveness) ? ProberKind.Liveness
            : ProberKind.Readiness;
        _node.Board.Add(Name, prober, result.Passed, _node.Time.GetElapsedTime(began), result.Message);
        return result;
    }

    private ProcessStart InPod(ProcessStart start) => start with { NetworkNamespace = _node.NetworkOf(this) };

    private ProbeSpec Here(ProbeSpec spec, ContainerContext context) => spec.Action switch
    {
        ProbeAction.Tcp tcp => spec with { Action = tcp with { Port = _image.LocalPort(context, tcp.Port) } },
        ProbeAction.Http http => spec with { Action = http with { Port = _image.LocalPort(context, http.Port) } },
        _ => spec,
    };

    private async Task BackOffAsync(TimeSpan wait)
    {
        Update(s => s with { Phase = PodPhase.BackOff, Restarts = s.Restarts + 1 });
        if (wait > TimeSpan.Zero)
        {
            _node.Report(
                LocalEventKind.Pod, Name, string.Create(CultureInfo.InvariantCulture, $"restarts in {wait.TotalSeconds:0.#} s (back-off)"));
            await Task.WhenAny(Task.Delay(wait, _node.Time), _leave.Task).ConfigureAwait(false);
        }
    }

    private void SetReady(bool ready, string reason)
    {
        var before = Status;
        Update(s => s with { ContainerReady = ready, Reason = ready || s.Leaving ? string.Empty : reason });
        if (before.ContainerReady != ready)
        {
            _node.Report(LocalEventKind.Pod, Name, ready ? "ready" : $"not ready: {reason}");
        }
    }

    private static string Meaning(int exitCode) => exitCode switch
    {
        128 + (int)Signal.Kill => " (SIGKILL)",
        128 + (int)Signal.Terminate => " (SIGTERM)",
        128 + 6 => " (SIGABRT)",
        128 + 11 => " (SIGSEGV)",
        _ => string.Empty,
    };

    private void Update(Func<PodStatus, PodStatus> change)
    {
        lock (_gate)
        {
            var next = change(_status);
            // Once it leaves, nothing but its end changes the phase.
            _status = _status.Leaving && next.Phase != PodPhase.Ended ? next with { Phase = _status.Phase } : next;
        }

        _node.Changed();
    }
}
