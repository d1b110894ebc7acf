using Candor.Health.Checks;
using Polly.Timeout;

namespace Candor.Orders.Resilience;

/// <summary>What the exceptions of our guards mean for health.</summary>
public sealed class GuardFailures : IFailureClassifier
{
    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => exception switch
    {
        CircuitOpenException open => open.OpenedBy ?? new(Reason.CircuitOpen),
        TimeoutRejectedException => new(Reason.TimedOut),
        _ => null,
    };
}
