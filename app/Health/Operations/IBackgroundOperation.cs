using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>
/// Background work that the contract lists as an operation, as the app reports on it. Get one by
/// <see cref="IBackgroundOperations.Named"/>. All members may be called from any thread and return at once.
/// </summary>
public interface IBackgroundOperation
{
    /// <summary>Its name in the contract.</summary>
    string Name { get; }

    /// <summary>
    /// Reports how old the oldest open item is now, or null when none is open. Report it regularly, also when nothing has changed: between two
    /// reports an open item is taken to grow older.
    /// </summary>
    /// <param name="age">The age; null when there is no open item.</param>
    void ReportOldest(TimeSpan? age);

    /// <summary>Something was done: an item was finished, or a round found nothing to do.</summary>
    void ReportProgress();

    /// <summary>A round failed. Several in a row make the operation degraded before its oldest item is too old.</summary>
    /// <param name="exception">Why; its cause is found by the registered failure classifiers.</param>
    void ReportFailure(Exception exception);

    /// <summary>A round failed.</summary>
    /// <param name="cause">Why.</param>
    void ReportFailure(FailureCause cause);
}

/// <summary>The background work of the contract.</summary>
public interface IBackgroundOperations
{
    /// <summary>The background operation with that name.</summary>
    /// <param name="name">An operation of the contract that has no route.</param>
    /// <exception cref="ArgumentException">The contract lists no such background work.</exception>
    IBackgroundOperation Named(string name);
}
