namespace Candor.Health.Checks;

/// <summary>The state of a circuit breaker.</summary>
public enum BreakerState
{
    /// <summary>Calls go through.</summary>
    Closed,

    /// <summary>A trial call is let through; all others are refused.</summary>
    HalfOpen,

    /// <summary>Every call is refused.</summary>
    Open,

    /// <summary>Opened by hand, for good.</summary>
    Isolated,
}

/// <summary>
/// The circuit breaker that guards the app's calls to a dependency, whatever library it is from. Register with
/// <c>services.AddDependencyBreaker</c>.
/// </summary>
public interface IDependencyBreaker
{
    /// <summary>The dependency's name in the contract.</summary>
    string Dependency { get; }

    /// <summary>
    /// The kind of work that it guards: <c>read</c>, <c>write</c>, <c>background</c>, or <c>all</c> (default). A dependency may have a breaker for each: then one that is open
    /// degrades the dependency, and only when all are open is it down.
    /// </summary>
    string Work => "all";

    /// <summary>
    /// Tries work of its kind, for a breaker that is not closed: true when it was done, false or an exception when not. Null (default) to try the dependency's check:
    /// a breaker for writes that is tried by a read would close too soon.
    /// </summary>
    Func<CancellationToken, Task<bool>>? Trial => null;

    /// <summary>Its state now.</summary>
    BreakerState State { get; }

    /// <summary>What opened it; null while it is closed, or when it is unknown.</summary>
    FailureCause? OpenedBy { get; }

    /// <summary>Runs a call through the breaker, which closes if it was let through and succeeds.</summary>
    /// <param name="trial">The call; true when the dependency answers as it should, false or an exception when not.</param>
    /// <param name="cancellationToken">Given to the call.</param>
    /// <returns>False when the breaker refused the call, which was then not made; else true, whatever the call's result.</returns>
    Task<bool> TryAsync(Func<CancellationToken, Task<bool>> trial, CancellationToken cancellationToken);
}
