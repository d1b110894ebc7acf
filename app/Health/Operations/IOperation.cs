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
    void Acquit(string dependency);

    /// <summary>Whether <paramref name="cause"/> can be the dependency's doing.</summary>
    protected static bool IsDueTo(FailureCause? cause, string dependency, bool uses) =>
        cause?.Dependency == dependency
        || (uses && cause is { Code: null, Dependency: null, Reason: Reason.DependencyDown or Reason.TimedOut or Reason.CircuitOpen or Reason.Authentication or Reason.ErrorRatio });
}
