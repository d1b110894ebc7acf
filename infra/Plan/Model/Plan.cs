using Candor.Contract;

namespace Candor.Planning;

/// <summary>
/// What the Pulumi program declares for one stack: every resource with its resolved inputs and options, and the stack's outputs.
/// Everything that reads the infrastructure (preview, lint, diff, the local target, the doctor) reads this, and nothing else.
/// </summary>
public sealed record Plan
{
    /// <summary>The Pulumi project's name.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name, such as <c>dev</c>.</summary>
    public required string Stack { get; init; }

    /// <summary>The main service's contract, or null for a Plan of a program that has none. Further services carry theirs in their ConfigMap.</summary>
    public HealthContract? Contract { get; init; }

    /// <summary>Every resource, in the stable order of <see cref="PlanResource.Urn"/>.</summary>
    public required IReadOnlyList<PlanResource> Resources { get; init; }

    /// <summary>The stack's outputs by name, secrets as placeholder tokens.</summary>
    public required PlanValue Outputs { get; init; }
}
