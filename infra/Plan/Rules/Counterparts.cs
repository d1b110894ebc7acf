namespace Candor.Planning.Rules;

/// <summary>The nearest check of the policy tools people use today, by its name there; null where a tool has none.</summary>
/// <param name="KubeScore">Check id of kube-score.</param>
/// <param name="KubeLinter">Check name of kube-linter.</param>
/// <param name="Polaris">Check key of Polaris.</param>
/// <param name="Kubescape">Control id of Kubescape.</param>
/// <param name="Checkov">Policy id of Checkov.</param>
public sealed record Counterparts(
    string? KubeScore = null,
    string? KubeLinter = null,
    string? Polaris = null,
    string? Kubescape = null,
    string? Checkov = null)
{
    /// <summary>No tool checks it.</summary>
    public static Counterparts None { get; } = new();
}
