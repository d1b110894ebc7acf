namespace Candor.Contract;

/// <summary>
/// Checks a contract as a whole. It never stops at the first mistake. One private method per part of the contract; what is
/// compared across parts stands in <see cref="Invariants"/>.
/// </summary>
public static class ContractValidator
{
    /// <summary>Everything that does not hold; empty for a valid contract.</summary>
    public static IReadOnlyList<Violation> Validate(HealthContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var violations = new ViolationList();
        Validators.Ports(contract, violations);
        Validators.Paths(contract, violations);
        Validators.Balancer(contract, violations);
        Validators.Probes(contract, violations);
        Validators.Budget(contract, violations);
        Validators.Dependencies(contract, violations);
        Validators.Operations(contract, violations);
        Validators.OperationLimits(contract, violations);
        Validators.Watchdog(contract, violations);
        Validators.Canary(contract, violations);
        Validators.Drain(contract, violations);
        Validators.Routing(contract, violations);
        return violations.Found;
    }
}
