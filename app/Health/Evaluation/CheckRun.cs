using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Evaluation;

/// <summary>
/// One registered check and its latest run. It runs on the thread pool, so that a check that blocks delays no other, and
/// never twice at once: one that was abandoned is not started again until it ends.
/// </summary>
internal sealed class CheckRun : IThreadPoolWorkItem, IDisposable
{
    private readonly LazyScope _services;
    private readonly HealthCheckContext _context;
    private readonly FailureReason _failures;
    private readonly Action<CheckRun, HealthCheckResult> _ended;
    private CancellationTokenSource _cancellation = new();
    private volatile Progress _progress;

    /// <param name="registration">The check as it was registered.</param>
    /// <param name="timeout">Its hard deadline.</param>
    /// <param name="root">The application's services.</param>
    /// <param name="failures">What the exceptions of checks mean.</param>
    /// <param name="ended">Called when the check has ended, however late.</param>
    public CheckRun(HealthCheckRegistration registration, TimeSpan timeout, IServiceProvider root, FailureReason failures, Action<CheckRun, HealthCheckResult> ended)
    {
        Registration = registration;
        Timeout = timeout;
        Scope = registration.Tags.Contains(CheckTags.Shared) ? DependencyScope.Shared : DependencyScope.Local;
        Tags = [.. registration.Tags];
        _services = new(root);
        _context = new() { Registration = registration };
        _failures = failures;
        _ended = ended;
    }

    public HealthCheckRegistration Registration { get; }

    public TimeSpan Timeout { get; }

    public DependencyScope Scope { get; }

    public IReadOnlyCollection<string> Tags { get; }

    /// <summary>The check itself while it runs; asked for what it waits for.</summary>
    public IHealthCheck? Check { get; private set; }

    /// <summary>When the latest run was started, by the engine's clock. Guarded by the engine's lock, as are the two below.</summary>
    public long StartedAt { get; set; }

    /// <summary>True from the start of a run to its end, abandoned or not.</summary>
    public bool Running { get; set; }

    /// <summary>Whether the last run with a result was healthy.</summary>
    public bool WasHealthy { get; set; }

    /// <summary>True when the run is abandoned.</summary>
    public bool Abandoned { get; set; }

    /// <summary>Asks an abandoned check to end. It is a request: nothing depends on it, and its callbacks may block.</summary>
    public void AskToEnd() => _ = _cancellation.CancelAsync();

    public void Dispose() => _cancellation.Dispose();

    public void Execute()
    {
        _progress = Progress.Blocking;
        _ = RunAsync();
        _progress = Progress.Awaiting;
    }

    /// <summary>
    /// True when a run that is late may be blameless: it has not begun, or what it awaits cannot come back because the pool is late.
    /// A run that blocks its own thread is late through its own fault.
    /// </summary>
    /// <param name="poolIsLate">Whether the thread pool is.</param>
    public bool MayBeBlameless(bool poolIsLate) => _progress == Progress.Queued || (_progress == Progress.Awaiting && poolIsLate);

    /// <summary>Queues the run.</summary>
    public void Queue()
    {
        _progress = Progress.Queued;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        if (_cancellation.IsCancellationRequested)
        {
            _cancellation.Dispose();
            _cancellation = new();
        }

        HealthCheckResult result;
        try
        {
            Check = Registration.Factory(_services);
            result = await Check.CheckHealthAsync(_context, _cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            result = FailureOf(exception);
        }

        try
        {
            await _services.EndAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (result.Status == HealthStatus.Healthy)
        {
            result = FailureOf(exception);
        }

        Check = null;
        _ended(this, result);
    }

    private enum Progress
    {
        Queued,
        Blocking,
        Awaiting,
    }

    private HealthCheckResult FailureOf(Exception exception) =>
        CheckResults.Failed(_context, _failures.Of(exception), FailureReason.Describe(exception));
}
