namespace Candor.Contract;

/// <summary>A contract that cannot be used; carries every violation, not only the first.</summary>
public sealed class InvalidContractException : Exception
{
    /// <summary>Of the given violations; there is at least one.</summary>
    /// <param name="source">Where the contract came from, such as <c>CANDOR_CONTRACT</c> or <c>candor:health</c>.</param>
    /// <param name="violations">All of them.</param>
    public InvalidContractException(string source, IReadOnlyList<Violation> violations)
        : base(
            $"The health contract in {source} is invalid:"
                + string.Concat(violations.Select(violation => $"{Environment.NewLine}  {violation}")))
    {
        ContractSource = source;
        Violations = violations;
    }

    /// <summary>Where the contract came from.</summary>
    public string ContractSource { get; }

    /// <summary>What does not hold.</summary>
    public IReadOnlyList<Violation> Violations { get; }
}
