using System.Collections.Immutable;

namespace Candor.Program.Config;

/// <summary>How the AWS and Kubernetes providers are made.</summary>
public sealed record ProviderConfig
{
    /// <summary>AWS region.</summary>
    public required string Region { get; init; }

    /// <summary>Further tags of every AWS resource.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>EKS cluster, or null.</summary>
    public string? ClusterName { get; init; }

    /// <summary>Context of the kubeconfig, or null for its current one.</summary>
    public string? KubeContext { get; init; }

    /// <summary>Kubeconfig, or null for the ambient one. Not used with an EKS cluster.</summary>
    public SecretText? Kubeconfig { get; init; }

    internal static ProviderConfig Read(ConfigReader reader) => new()
    {
        Region = reader.Text("region"),
        Tags = reader.Map("tags"),
        ClusterName = reader.Optional("clusterName"),
        KubeContext = reader.Optional("kubeContext"),
        Kubeconfig = reader.Secret("kubeconfig"),
    };
}
