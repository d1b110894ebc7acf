using Candor.Contract;
using Candor.Health.Checks;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Candor.Orders.Resilience;

/// <summary>What stands in front of one dependency for one kind of work: a breaker around a deadline.</summary>
/// <remarks>
/// The deadline is the contract's timeout of that dependency, the same that health gives it: were they different, one of the two
/// would be wrong about what users see. Every call must let go at its token, not only pass it on; see <c>WaitAsync</c> at the callers.
/// </remarks>
public sealed class Guard : IDependencyBreaker
{
    /// <summary>Calls within the sampling window below which a breaker does not open: one failed call is not an outage.</summary>
    public const int MinimumCalls = 5;

    // Polly accepts nothing shorter.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    // Of the deadline, by the clock that stands still with the process: a call that had less time was not late, the process was stopped.
    private const double LateShare = 0.9;

    private static readonly ResiliencePropertyKey<long> StartedAt = new("orders.started-at");

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pause;
    private Opening? _opening;

    /// <param name="contract">Gives the timeout, the share of failures that opens the breaker, and how long it stays open.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="work">The kind of work.</param>
    /// <param name="failures">Which exceptions are the dependency's failure, and what they mean.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trial">Work of that kind that health tries when there is no other traffic; null to try the dependency's check.</param>
    public Guard(
        HealthContract contract, string dependency, WorkKind work, IGuardedFailures failures, TimeProvider time,
        Func<CancellationToken, Task<bool>>? trial = null)
    {
        Trial = trial;
        Dependency = dependency;
        Work = work.ToString().ToLowerInvariant();
        _time = time;
        var timeout = contract.Timeout(dependency);
        // One freshness bound and not longer, however often it opens: what a breaker spares the dependency in that time is enough,
        // and users wait no longer for a repair than health does.
        _pause = AtLeastShortest(contract.Freshness);
        _pipeline = new ResiliencePipelineBuilder { Name = $"{dependency} {work}", TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception switch
                {
                    null => false,
                    TrialFailedException => true,
                    TimeoutRejectedException when arguments.Context.Properties.TryGetValue(StartedAt, out var at) =>
                        time.GetElapsedTime(at) >= timeout * LateShare,
                    var failure => failures.IsUnavailable(failure),
                }),
                FailureRatio = contract.Watchdog.ErrorRatio,
                MinimumThroughput = MinimumCalls,
                // Room for several calls that each take the whole timeout.
                SamplingDuration = AtLeastShortest(timeout * 5),
                BreakDuration = _pause,
                StateProvider = _state,
                OnOpened = opened =>
                {
                    var cause = opened.Outcome.Exception is { } e and not TrialFailedException ? failures.CauseOf(e) : _opening?.Cause;
                    Volatile.Write(ref _opening, new(cause, time.GetTimestamp()));
                    return default;
                },
                OnClosed = _ =>
                {
                    Volatile.Write(ref _opening, null);
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
            .Build();
    }

    /// <inheritdoc />
    public string Dependency { get; }

    /// <inheritdoc />
    public string Work { get; }

    /// <inheritdoc />
    public Func<CancellationToken, Task<bool>>? Trial { get; }

    /// <inheritdoc />
    public BreakerState State => _state.CircuitState switch
    {
        CircuitState.Closed => BreakerState.Closed,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        CircuitState.Open => BreakerState.Open,
        _ => BreakerState.Isolated,
    };

    /// <inheritdoc />
    public FailureCause? OpenedBy => Volatile.Read(ref _opening)?.Cause;

    /// <summary>Runs a call within its deadline, unless the breaker is open.</summary>
    /// <exception cref="CircuitOpenException">The breaker is open; nothing was tried.</exception>
    /// <exception cref="TimeoutRejectedException">The call outlasted the deadline.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        context.Properties.Set(StartedAt, _time.GetTimestamp());
        try
        {
            return await _pipeline.ExecuteAsync(async inner => await LetGoAtAsync(call, inner.CancellationToken), context);
        }
        catch (BrokenCircuitException)
        {
            throw Refusal();
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Refuses while the breaker's pause lasts, for callers that would have to wait for something else first.</summary>
    /// <exception cref="CircuitOpenException">The breaker is open, and not yet for as long as it stays open.</exception>
    public void ThrowIfOpen()
    {
        if (Volatile.Read(ref _opening) is { } opening && _time.GetElapsedTime(opening.At) < _pause)
        {
            throw Refusal();
        }
    }

    /// <inheritdoc />
    public async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> trial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trial);
        try
        {
            await _pipeline.ExecuteAsync(
                async token =>
                {
                    if (!await LetGoAtAsync(trial, token))
                    {
                        throw new TrialFailedException();
                    }
                },
                cancellationToken);
            return true;
        }
        catch (BrokenCircuitException)
        {
            return false;
        }
        catch (TrialFailedException)
        {
            return true;
        }
    }

    // With a token of its own, which is cancelled on another thread. What a driver does when it is cancelled may block (Npgsql makes a
    // connection) or throw (Npgsql again, when the connection is lost at that moment); in the timer of the deadline the one would hold up
    // every timer, and the other would end the process.
    private static async Task<T> LetGoAtAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken deadline)
    {
        var own = new CancellationTokenSource();
        try
        {
            await using var registration = deadline.UnsafeRegister(
                static source => _ = ((CancellationTokenSource)source!).CancelAsync(), own);
            return await call(own.Token);
        }
        finally
        {
            // One that is being cancelled is still in use.
            if (!own.IsCancellationRequested)
            {
                own.Dispose();
            }
        }
    }

    private CircuitOpenException Refusal() => new(Dependency, Work, OpenedBy);

    private static TimeSpan AtLeastShortest(TimeSpan duration) => duration < Shortest ? Shortest : duration;

    private sealed record Opening(FailureCause? Cause, long At);

    /// <summary>Makes the breaker's trial fail; never leaves this class.</summary>
    private sealed class TrialFailedException : Exception;
}

/// <summary>What the failures of one dependency mean for its breakers.</summary>
public interface IGuardedFailures
{
    /// <summary>Whether asking again at once would only add to it: the dependency is away, overloaded or too slow.</summary>
    bool IsUnavailable(Exception exception);

    /// <summary>What health shows as the cause.</summary>
    FailureCause CauseOf(Exception exception);
}

/// <summary>Kinds of work on a dependency that fail apart from each other, each with a breaker of its own.</summary>
public enum WorkKind
{
    /// <summary>A user reads.</summary>
    Read,

    /// <summary>A user writes.</summary>
    Write,

    /// <summary>Background work without a waiting caller: outbox and consumer.</summary>
    Background,
}

/// <summary>A breaker is open: nothing was tried. It carries what opened the breaker, which is the failure that a call would get.</summary>
public sealed class CircuitOpenException(string dependency, string work, FailureCause? openedBy)
    : Exception($"The breaker for {work} work on {dependency} is open{(openedBy is null ? "" : $", opened by: {openedBy}")}.")
{
    /// <summary>The dependency's name in the contract.</summary>
    public string Dependency { get; } = dependency;

    /// <summary>What opened the breaker; null when that is not known.</summary>
    public FailureCause? OpenedBy { get; } = openedBy;
}
