namespace Candor.Health.Checks;

/// <summary>The root cause behind an exception: for a call that an open circuit breaker refused, what opened the breaker.</summary>
internal sealed class RootCause(FailureReason reasons, Func<IEnumerable<IDependencyBreaker>> breakers)
{
    public FailureCause Of(Exception exception)
    {
        var cause = reasons.Of(exception);
        if (cause.Reason != Reason.CircuitOpen)
        {
            return cause;
        }

        var open = breakers().Where(breaker => breaker.State != BreakerState.Closed && (cause.Dependency is null || breaker.Dependency == cause.Dependency)).ToList();
        return open.Select(BehindOf).FirstOrDefault(behind => behind is not null)
            ?? (open is [var only] ? cause with { Dependency = only.Dependency } : cause);
    }

    /// <summary>What opened a breaker, with the name of its dependency.</summary>
    public static FailureCause? BehindOf(IDependencyBreaker breaker) => breaker.OpenedBy is { } cause ? cause with { Dependency = breaker.Dependency } : null;
}
