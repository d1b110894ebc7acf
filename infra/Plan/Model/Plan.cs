using System.Collections.Immutable;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>
/// What the Pulumi program declares for one stack: every resource with its resolved inputs and options, and the stack's outputs.
/// Everything that reads the infrastructure (preview, lint, diff, the local target, the doctor) reads this, and nothing else.
/// </summary>
public sealed record Plan
{
    private PlanIndex? _index;

    /// <summary>The Pulumi project's name.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name, such as <c>dev</c>.</summary>
    public required string Stack { get; init; }

    /// <summary>
    /// The main service's contract, or null for a Plan of a program that has none. Further services carry theirs in their ConfigMap.
    /// </summary>
    public HealthContract? Contract { get; init; }

    /// <summary>Every resource, in the stable order of <see cref="PlanResource.Urn"/>.</summary>
    public required IReadOnlyList<PlanResource> Resources { get; init; }

    /// <summary>
    /// The number of resources, without components, which only group others: the number that every verb reports for the stack.
    /// </summary>
    public int ResourceCount => Resources.Count(resource => !resource.IsComponent);

    /// <summary>The stack's outputs by name, secrets as placeholder tokens.</summary>
    public required PlanValue Outputs { get; init; }

    /// <summary>What the stack is for, <c>dev</c> or <c>prod</c> (<c>candor:environment</c>); null when unknown.</summary>
    public string? Environment { get; init; }

    /// <summary>
    /// Lint rules that are waived for the stack, rule id to reason, from its file (<c>candor:waive</c>). A reason may be
    /// empty and an id unknown: lint reports that.
    /// </summary>
    public IReadOnlyDictionary<string, string> Waivers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether it was read from Kubernetes manifests, so that nothing can be said about options of a Pulumi program.</summary>
    public bool IsManifests { get; init; }

    /// <summary>Finds its resources by URN, type, reference or parent; built when first asked for.</summary>
    public PlanIndex Index
    {
        get
        {
            // A copy made with other resources must not find the ones of the original.
            if (_index is not { } index || !ReferenceEquals(index.Resources, Resources))
            {
                _index = index = new PlanIndex(Resources);
            }

            return index;
        }
    }

    /// <summary>
    /// What the main contract's numbers amount to with its Deployment's way of rolling (Pulumi programs without a Deployment:
    /// <see cref="RolloutShape.Default"/>), or null without a contract.
    /// </summary>
    public ContractTimeline? Timeline =>
        Contract is null
            ? null
            : ContractTimeline.Of(Contract, this.MainWorkload() is { } workload ? this.RolloutOf(workload) : RolloutShape.Default);

    /// <summary>Equal by content.</summary>
    public bool Equals(Plan? other) =>
        other is not null
        && Project == other.Project
        && Stack == other.Stack
        && Equals(Contract, other.Contract)
        && Outputs == other.Outputs
        && Environment == other.Environment
        && Waivers.OrderBy(waiver => waiver.Key, StringComparer.Ordinal)
            .SequenceEqual(other.Waivers.OrderBy(waiver => waiver.Key, StringComparer.Ordinal))
        && Resources.SequenceEqual(other.Resources);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Project, Stack, Resources.Count);
}
