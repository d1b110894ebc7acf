using System.Collections.Concurrent;
using Candor.Contract;
using Candor.Local;

namespace Candor.Chaos.Probing;

/// <summary>
/// Asks every pod as balancer, kubelet and a frequent monitor do, each at its own times, and the stack itself for what became of it.
/// Open as the users' load is: a pod that does not answer does not slow the next question down.
/// </summary>
internal sealed class Probers : IAsyncDisposable
{
    /// <summary>How often the frequent monitor asks.</summary>
    public static readonly TimeSpan Monitor = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(5);
    private readonly HealthContract _contract;
    private readonly Func<CancellationToken, Task<LocalStatus>> _status;
    private readonly string _service;
    private readonly Func<double> _now;
    private readonly TimeProvider _time;
    private readonly HttpClient _kept;
    private readonly HttpClient _fresh;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<HealthSample> _health = new();
    private readonly ConcurrentQueue<HealthSample> _balancer = new();
    private readonly ConcurrentQueue<LivenessSample> _liveness = new();
    private readonly ConcurrentQueue<StackSample> _stack = new();
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private volatile LocalStatus? _last;
    private Task _run = Task.CompletedTask;
    private Task _watch = Task.CompletedTask;

    /// <param name="contract">The contract, already at the run's speed.</param>
    /// <param name="status">How to learn what the stack is now.</param>
    /// <param name="service">The service's Deployment.</param>
    /// <param name="now">Seconds since the measurement began.</param>
    /// <param name="time">The clock.</param>
    public Probers(HealthContract contract, Func<CancellationToken, Task<LocalStatus>> status, string service, Func<double> now, TimeProvider time)
    {
        _contract = contract;
        _status = status;
        _service = service;
        _now = now;
        _time = time;
        _kept = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = contract.Balancer.Timeout }) { Timeout = Timeout.InfiniteTimeSpan };
        _fresh = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What the monitor was told.</summary>
    public IReadOnlyCollection<HealthSample> Health => _health;

    /// <summary>What one who asks as the balancer does was told.</summary>
    public IReadOnlyCollection<HealthSample> AsBalancer => _balancer;

    /// <summary>What one who asks as the kubelet does was told.</summary>
    public IReadOnlyCollection<LivenessSample> Liveness => _liveness;

    /// <summary>What became of the stack.</summary>
    public IReadOnlyCollection<StackSample> Stack => _stack;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Keep(await _status(cancellationToken));
        _run = Task.Run(RunAsync, CancellationToken.None);
        _watch = Task.Run(WatchAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_run, _watch);
        await Task.WhenAll(_open.Keys);
        _kept.Dispose();
        _fresh.Dispose();
        _stop.Dispose();
    }

    private IEnumerable<LocalPod> Pods => (_last?.Pods ?? []).Where(pod => pod.Workload == _service && pod.ProcessId is not null);

    private async Task RunAsync()
    {
        var began = _now();
        var due = (Monitor: began, Balancer: began, Kubelet: began);
        using var timer = new PeriodicTimer(_tick, _time);
        while (!_stop.IsCancellationRequested)
        {
            while (due.Monitor <= _now())
            {
                Ask(due.Monitor, HealthAsMonitorAsync);
                due.Monitor += Monitor.TotalSeconds;
            }

            while (due.Balancer <= _now())
            {
                Ask(due.Balancer, HealthAsBalancerAsync);
                due.Balancer += _contract.Balancer.Interval.TotalSeconds;
            }

            while (due.Kubelet <= _now())
            {
                Ask(due.Kubelet, LivenessAsync);
                // More often than the kubelet itself, so that a failure between two of its probes is seen too.
                due.Kubelet += Math.Min(_contract.Liveness.Period.TotalSeconds, 0.5);
            }

            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Ask(double due, Func<LocalPod, double, Task> ask)
    {
        foreach (var pod in Pods)
        {
            var task = Task.Run(() => ask(pod, due));
            _open[task] = 0;
            _ = task.ContinueWith(done => _open.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Keep(await _status(_stop.Token));
            }
            catch (Exception e) when (e is LocalException or OperationCanceledException or IOException)
            {
                // It is asked again.
            }

            await Task.Delay(Monitor, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(LocalStatus status)
    {
        _last = status;
        var pods = status.Pods.Where(pod => pod.Workload == _service).ToList();
        _stack.Enqueue(new(
            _now(),
            [.. pods.Select(pod => new PodSample(pod.Name, pod.Ready, pod.Restarts, pod.ProcessId, pod.Phase is "Terminating" or "Ended"))],
            status.Targets.GroupBy(target => target.Pod, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().State.ToString(), StringComparer.Ordinal),
            [
                .. status.Targets.Where(target => target.State != TargetState.Healthy).Select(target => $"{target.Pod}: {target.State}, {target.Reason}"),
                .. pods.Where(pod => pod.Reason.Length > 0).Select(pod => $"{pod.Name}: {pod.Reason}"),
                .. status.Workloads.Where(workload => workload.Reason.Length > 0).Select(workload => $"{workload.Name}: {workload.Reason}"),
            ]));
    }

    private async Task HealthAsMonitorAsync(LocalPod pod, double due) => _health.Enqueue(await HealthAsync(_kept, pod, due));

    private async Task HealthAsBalancerAsync(LocalPod pod, double due) => _balancer.Enqueue(await HealthAsync(_fresh, pod, due));

    private async Task<HealthSample> HealthAsync(HttpClient client, LocalPod pod, double due)
    {
        var at = _now();
        using var timeout = new CancellationTokenSource(_contract.Balancer.Timeout, _time);
        try
        {
            using var answer = await client.GetAsync(Url(pod, _contract.Paths.Readiness), timeout.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(timeout.Token);
            return HealthSample.Read(pod.Name, at, at - due, _now() - at, (int)answer.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return new(pod.Name, at, at - due, _now() - at, PodState.Silent, [], null);
        }
    }

    private async Task LivenessAsync(LocalPod pod, double due)
    {
        var at = _now();
        using var timeout = new CancellationTokenSource(_contract.Liveness.Timeout, _time);
        try
        {
            using var answer = await _fresh.GetAsync(Url(pod, _contract.Paths.Liveness), timeout.Token);
            _liveness.Enqueue(new(pod.Name, at, (int)answer.StatusCode is >= 200 and < 400, Answered: true));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            _liveness.Enqueue(new(pod.Name, at, Alive: false, Answered: false));
        }
    }

    private static Uri Url(LocalPod pod, string path) => new($"http://{pod.Address}:{pod.Ports["http"]}{path}");
}
