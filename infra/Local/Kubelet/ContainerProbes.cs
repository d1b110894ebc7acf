namespace Candor.Local;

/// <summary>
/// The probes of one running container: startup gates the others, a verdict changes by thresholds, and during termination
/// readiness alone continues.
/// </summary>
internal sealed class ContainerProbes
{
    private readonly ContainerSpec _container;
    private readonly TimeProvider _time;
    private readonly Func<ProbeSpec, CancellationToken, Task<ProbeResult>> _probe;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _livenessFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _untilTermination;
    private readonly long _startedAt;

    public ContainerProbes(
        ContainerSpec container, TimeProvider time, Func<ProbeSpec, CancellationToken, Task<ProbeResult>> probe, CancellationToken stop)
    {
        _container = container;
        _time = time;
        _probe = probe;
        _startedAt = time.GetTimestamp();
        _untilTermination = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Stop = stop;
    }

    /// <summary>Called with whether the container is ready and what the last probe saw, at every verdict.</summary>
    public Action<bool, string>? Readiness { get; init; }

    /// <summary>Called once when the startup probe passed; at once where there is none.</summary>
    public Action? Started { get; init; }

    /// <summary>Ends with the reason when the container has to be restarted.</summary>
    public Task<string> LivenessFailed => _livenessFailed.Task;

    private CancellationToken Stop { get; }

    /// <summary>Probes until stopped.</summary>
    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(StartupAsync(), ReadinessAsync(), LivenessAsync()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stop.IsCancellationRequested)
        {
            // The container ended.
        }
        finally
        {
            _untilTermination.Dispose();
        }
    }

    /// <summary>Ends startup and liveness; readiness continues.</summary>
    public void BeginTermination()
    {
        try
        {
            _untilTermination.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The container ended at the same moment.
        }
    }

    private async Task StartupAsync()
    {
        if (_container.Startup is { } spec)
        {
            var counter = new ProbeCounter(false, spec.SuccessThreshold, spec.FailureThreshold);
            await LoopAsync(spec, result =>
            {
                Readiness?.Invoke(false, $"starting; {result.Message}");
                if (!counter.Add(result.Passed))
                {
                    return true;
                }

                if (!result.Passed)
                {
                    _livenessFailed.TrySetResult($"startup probe failed {spec.FailureThreshold} times: {result.Message}");
                }

                return false;
            }, _untilTermination.Token).ConfigureAwait(false);
            if (!counter.Verdict)
            {
                return;
            }
        }

        _started.TrySetResult();
        Started?.Invoke();
    }

    private async Task ReadinessAsync()
    {
        await _started.Task.WaitAsync(Stop).ConfigureAwait(false);
        if (_container.Readiness is not { } spec)
        {
            Readiness?.Invoke(true, string.Empty);
            return;
        }

        var counter = new ProbeCounter(false, spec.SuccessThreshold, spec.FailureThreshold);
        await LoopAsync(spec, result =>
        {
            counter.Add(result.Passed);
            Readiness?.Invoke(counter.Verdict, result.Message);
            return true;
        }, Stop).ConfigureAwait(false);
    }

    private async Task LivenessAsync()
    {
        if (_container.Liveness is not { } spec)
        {
            return;
        }

        try
        {
            await _started.Task.WaitAsync(_untilTermination.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            return;
        }

        var counter = new ProbeCounter(true, spec.SuccessThreshold, spec.FailureThreshold);
        await LoopAsync(spec, result =>
        {
            if (!counter.Add(result.Passed) || result.Passed)
            {
                return true;
            }

            _livenessFailed.TrySetResult($"liveness probe failed {spec.FailureThreshold} times: {result.Message}");
            return false;
        }, _untilTermination.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Probes now and at every period, without those within the initial delay, until <paramref name="take"/> returns false.
    /// The delay counts from the container's start.
    /// </summary>
    private async Task LoopAsync(ProbeSpec spec, Func<ProbeResult, bool> take, CancellationToken cancellationToken)
    {
        try
        {
            var wait = spec.InitialDelay - _time.GetElapsedTime(_startedAt);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            }

            using var timer = new PeriodicTimer(spec.Period, _time);
            do
            {
                var result = await _probe(spec, cancellationToken).ConfigureAwait(false);
                if (!take(result))
                {
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            // Termination began; the container itself still runs.
        }
    }
}
