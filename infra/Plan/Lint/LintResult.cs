using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>What lint found in a Plan.</summary>
public sealed record LintResult
{
    /// <summary>The Pulumi project.</summary>
    public required string Project { get; init; }

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>What does not hold, errors first, then by rule and resource.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What does not hold and is waived, in the same order.</summary>
    public required IReadOnlyList<WaivedFinding> Waived { get; init; }

    /// <summary>What does not hold and is known by the baseline, in the same order.</summary>
    public IReadOnlyList<Finding> Known { get; init; } = [];

    /// <summary>The least severity that fails; null when nothing does.</summary>
    public Severity? FailOn { get; init; } = Severity.Error;

    /// <summary>What the Plan holds and nobody can look into, each as a clause.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary><see cref="Plan.ResourceCount"/>.</summary>
    public required int Resources { get; init; }

    /// <summary>How many of them are of a type that a rule looks at, and not only read by the program.</summary>
    public required int Judged { get; init; }

    /// <summary>The types, sorted, that no rule looks at.</summary>
    public required IReadOnlyList<string> TypesNotRead { get; init; }

    /// <summary>How many findings are errors.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == Severity.Error);

    /// <summary>How many findings are warnings.</summary>
    public int Warnings => Findings.Count(finding => finding.Severity == Severity.Warning);

    /// <summary>How many findings are notes.</summary>
    public int Notes => Findings.Count - Errors - Warnings;

    /// <summary>1 when a finding weighs as much as <see cref="FailOn"/>, else 0.</summary>
    public int ExitCode => Findings.Any(finding => finding.Severity >= FailOn) ? 1 : 0;
}
