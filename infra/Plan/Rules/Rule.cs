namespace Candor.Planning.Rules;

/// <summary>What one rule is. It stands beside the code that checks it, and docs/rules.md is written from it.</summary>
public sealed record Rule
{
    /// <summary>Stable id, such as <c>GS001</c>. The contract's validator uses the same id for the same invariant.</summary>
    public required string Id { get; init; }

    /// <summary>How much a finding weighs, unless the finding says otherwise.</summary>
    public required Severity Severity { get; init; }

    /// <summary>
    /// How much it weighs in a Plan without a contract, where that is less: what is only left out harms nobody by itself, and nobody has
    /// promised a number that it could break.
    /// </summary>
    public Severity? WithoutContract { get; init; }

    /// <summary>Whether all that it finds in one resource is mended by one edit, and so is one finding.</summary>
    public bool IsOneEdit { get; init; }

    /// <summary>The constructs that it reads, where they are fewer than its family's.</summary>
    public string? Reads { get; init; }

    /// <summary>What must hold, as a clause: "timeout is below the interval".</summary>
    public required string Holds { get; init; }

    /// <summary>What goes wrong otherwise, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>One case it finds: the value found and the value expected.</summary>
    public required string Example { get; init; }

    /// <summary>What comes nearest in other tools.</summary>
    public Counterparts Counterparts { get; init; } = Counterparts.None;
}
