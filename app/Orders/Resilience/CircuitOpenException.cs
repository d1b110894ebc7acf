using Candor.Health.Checks;

namespace Candor.Orders.Resilience;

/// <summary>A breaker is open: nothing was tried. It says what opened the breaker, which is what the caller would meet.</summary>
public sealed class CircuitOpenException(string dependency, string work, FailureCause? openedBy)
    : Exception($"The breaker for {work} work on {dependency} is open{(openedBy is null ? "" : $", opened by: {openedBy}")}.")
{
    /// <summary>The dependency's name in the contract.</summary>
    public string Dependency { get; } = dependency;

    /// <summary>What opened the breaker; null when that is not known.</summary>
    public FailureCause? OpenedBy { get; } = openedBy;
}
