using Candor.Contract;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Candor.Orders.Resilience;

/// <summary>The pipeline in front of each dependency: a breaker around a deadline.</summary>
/// <remarks>
/// The deadline is the contract's timeout of that dependency, the same that health gives it: were they different, one of the two
/// would be wrong about what users see. Every call must let go at its token, not only pass it on; see <c>WaitAsync</c> at the callers.
/// </remarks>
public static class Pipelines
{
    /// <summary>Calls within the sampling window below which a breaker says nothing: one failed call is not an outage.</summary>
    public const int MinimumCalls = 5;

    // Polly accepts nothing shorter.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    /// <summary>Builds the pipeline of one dependency.</summary>
    /// <param name="contract">Gives the timeout, the share of failures that opens the breaker, and how long it stays open.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="isOutage">Which exceptions are the dependency's failure.</param>
    /// <param name="breaker">Is told the breaker's state, for health to read.</param>
    /// <param name="time">The clock.</param>
    public static ResiliencePipeline For(
        HealthContract contract,
        string dependency,
        Func<Exception, bool> isOutage,
        CircuitBreakerStateProvider breaker,
        TimeProvider time)
    {
        var timeout = contract.Timeout(dependency);
        return new ResiliencePipelineBuilder { Name = dependency, TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } e && (e is TrialFailedException || isOutage(e))),
                FailureRatio = contract.Watchdog.ErrorRatio,
                MinimumThroughput = MinimumCalls,
                // Room for several calls that each take the whole timeout.
                SamplingDuration = AtLeastShortest(timeout * 5),
                BreakDuration = AtLeastShortest(contract.Watchdog.ReadmissionDelay),
                StateProvider = breaker,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
            .Build();
    }

    private static TimeSpan AtLeastShortest(TimeSpan duration) => duration < Shortest ? Shortest : duration;
}
