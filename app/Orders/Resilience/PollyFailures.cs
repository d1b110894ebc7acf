using Candor.Health.Checks;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Candor.Orders.Resilience;

/// <summary>What Polly's exceptions mean for health.</summary>
public sealed class PollyFailures : IFailureClassifier
{
    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => exception switch
    {
        BrokenCircuitException => new(Reason.CircuitOpen),
        TimeoutRejectedException => new(Reason.TimedOut),
        _ => null,
    };
}
