namespace Candor.Planning;

/// <summary>One resource that the program declares.</summary>
public sealed record PlanResource
{
    /// <summary>Type token, such as <c>aws:lb/targetGroup:TargetGroup</c> or <c>kubernetes:apps/v1:Deployment</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The Pulumi name, unique within its type.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What other resources' inputs refer to it by: the id (for a balancer or target group, the ARN) that the recording gave it,
    /// or null when a Plan from elsewhere does not have it.
    /// </summary>
    public string? Id { get; init; }

    /// <summary><see cref="Urn"/> of the parent, or null for a child of the stack.</summary>
    public string? Parent { get; init; }

    /// <summary><see cref="Urn"/> of the explicit provider, or null for the default provider or a component.</summary>
    public string? Provider { get; init; }

    /// <summary><see cref="Urn"/>s of the resources it explicitly waits for, sorted.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Whether Pulumi refuses to delete it.</summary>
    public bool Protect { get; init; }

    /// <summary>Input properties whose changes are ignored, sorted.</summary>
    public IReadOnlyList<string> IgnoreChanges { get; init; } = [];

    /// <summary>How long Pulumi waits for it, or null for the provider's defaults.</summary>
    public PlanTimeouts? CustomTimeouts { get; init; }

    /// <summary>Its inputs by wire name, resolved; secrets as placeholder tokens. Empty for a component.</summary>
    public required PlanValue Inputs { get; init; }

    /// <summary>The short form of a Pulumi URN that is unique within a Plan: <c>type::name</c>.</summary>
    public string Urn => $"{Type}::{Name}";

    /// <summary>
    /// The Amazon resource name that other resources refer to it by, where that is not its <see cref="Id"/>; null where there is none.
    /// </summary>
    public string? Arn { get; init; }

    /// <summary>
    /// <see cref="Type"/>, or for an older token of the same type (<c>aws:alb/…</c>, <c>policy/v1beta1</c>) the one of today.
    /// </summary>
    public string CanonicalType => TypeAliases.Canonical(Type);

    /// <summary>Whether the program only reads it (<c>Get</c>), so that its settings are decided elsewhere.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Whether it groups others and is nothing of its own in any cloud.</summary>
    public bool IsComponent { get; init; }

    /// <summary>Whether it is a provider, such as <c>pulumi:providers:aws</c>.</summary>
    public bool IsProvider => Type.StartsWith(ResourceTypes.ProviderPrefix, StringComparison.Ordinal);

    /// <summary>Whether it is a Kubernetes object.</summary>
    public bool IsKubernetes => Type.StartsWith(ResourceTypes.KubernetesPrefix, StringComparison.Ordinal);

    /// <summary>A Kubernetes object's <c>metadata.name</c>, or the Pulumi name when it gives none.</summary>
    public string KubernetesName => Inputs["metadata"]["name"].Text ?? Name;

    /// <summary>A Kubernetes object's <c>metadata.namespace</c>, or <c>default</c> when it gives none.</summary>
    public string KubernetesNamespace => Inputs["metadata"]["namespace"].Text ?? "default";

    /// <summary>Equal by content.</summary>
    public bool Equals(PlanResource? other) =>
        ReferenceEquals(this, other) || (other is not null
        && (Type, Name, Id, Arn, Parent, Provider, Protect, IsComponent, IsExternal, CustomTimeouts)
            == (
                other.Type,
                other.Name,
                other.Id,
                other.Arn,
                other.Parent,
                other.Provider,
                other.Protect,
                other.IsComponent,
                other.IsExternal,
                other.CustomTimeouts)
        && DependsOn.SequenceEqual(other.DependsOn)
        && IgnoreChanges.SequenceEqual(other.IgnoreChanges)
        && Inputs == other.Inputs);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Type, Name);
}

/// <summary>Pulumi's custom timeouts of one resource; null where the provider's default holds.</summary>
/// <param name="Create">How long creation may take.</param>
/// <param name="Update">How long an update may take.</param>
/// <param name="Delete">How long deletion may take.</param>
public sealed record PlanTimeouts(TimeSpan? Create, TimeSpan? Update, TimeSpan? Delete);
