using Candor.Contract;

namespace Candor.Health.Evaluation;

/// <summary>
/// One evaluation for all probers: a request during a run waits for that run, and a request within the freshness bound
/// gets its answer. So a thousand probers cost one evaluation a window, and nothing older than the bound is served as healthy.
/// </summary>
internal sealed class SharedEvaluation(Func<Task<EvaluationResult>> evaluate, HealthContract contract, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile EvaluationResult? _latest;
    private EvaluationResult? _lastKnown;
    private Task<EvaluationResult>? _shared;
    private long _count;

    /// <summary>Called for every completed evaluation, once, before it is returned.</summary>
    public event Action<EvaluationResult>? Completed;

    /// <summary>Evaluations started since the process began.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The latest one, however old; null before the first.</summary>
    public EvaluationResult? Latest => _latest;

    /// <summary>The time of the wall.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>How old an evaluation is that was complete at <paramref name="completedAt"/>.</summary>
    public TimeSpan Age(long completedAt) => time.GetElapsedTime(completedAt);

    /// <summary>
    /// An evaluation that is at most the freshness bound old, or null when none could be had in time: then nothing is known.
    /// </summary>
    public ValueTask<EvaluationResult?> GetAsync()
    {
        if (_latest is { } latest && Age(latest.CompletedAt) <= contract.Freshness)
        {
            return new(latest);
        }

        return new(WaitAsync());
    }

    private async Task<EvaluationResult?> WaitAsync()
    {
        Task<EvaluationResult> shared;
        lock (_gate)
        {
            if (_latest is { } latest && Age(latest.CompletedAt) <= contract.Freshness)
            {
                return latest;
            }

            // An evaluation that never ends is not started again beside itself; the answer is then unknown.
            shared = _shared ?? Begin();
        }

        try
        {
            return await shared.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Task<EvaluationResult> Begin()
    {
        Interlocked.Increment(ref _count);
        var running = RunAsync();
        var shared = running.WaitAsync(contract.Budget.Deadline + contract.Budget.Margin, time);
        _shared = running.IsCompleted ? null : shared;
        return shared;
    }

    private async Task<EvaluationResult> RunAsync()
    {
        var evaluation = await evaluate().ConfigureAwait(false);
        lock (_gate)
        {
            evaluation = StandIn(evaluation);
            _latest = evaluation;
            _shared = null;
        }

        Completed?.Invoke(evaluation);
        return evaluation;
    }

    /// <summary>The result of a late round is unknown: the previous one stands for one more freshness bound, and only once.</summary>
    private EvaluationResult StandIn(EvaluationResult evaluation)
    {
        if (!evaluation.Late)
        {
            _lastKnown = evaluation;
            return evaluation;
        }

        var previous = _lastKnown;
        _lastKnown = null;
        return previous is null ? evaluation : previous with { CompletedAt = evaluation.CompletedAt };
    }
}
