using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>Any operation, as the registry keeps it.</summary>
internal interface IOperation
{
    string Name { get; }

    /// <summary>True while something about it is wrong, or may be: then everything that looks at it looks more often.</summary>
    bool IsSuspicious { get; }

    /// <summary>What is known now.</summary>
    OperationReport Read();

    /// <summary>A dependency is known to be repaired: what it caused is forgotten.</summary>
    /// <param name="dependency">Its name.</param>
    /// <param name="code">The code that its check failed with; null when there was none.</param>
    void Acquit(string dependency, string? code);

    /// <summary>Whether a repair of the dependency can have ended <paramref name="cause"/>. A statement that is refused (a constraint, a missing table)
    /// is refused again after an outage that had nothing to do with it.</summary>
    protected static bool IsDueTo(FailureCause? cause, string dependency, string? code, bool uses) =>
        (cause?.Dependency == dependency && (cause.Reason != Reason.Refused || cause.Code == code))
        || (uses && cause is { Code: null, Dependency: null, Reason: Reason.DependencyDown or Reason.TimedOut or Reason.CircuitOpen or Reason.Authentication or Reason.ErrorRatio });
}
