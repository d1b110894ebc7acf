using Candor.Program.Config;
using Pulumi;
using Pulumi.Aws.Eks;
using Pulumi.Aws.Inputs;

namespace Candor.Program.Providers;

/// <summary>
/// The explicit providers. Nothing in the stack uses an ambient one, so a preview names the account and cluster it is for.
/// </summary>
public sealed class StackProviders
{
    /// <summary>Makes the providers of the stack.</summary>
    public StackProviders(StackConfig config, Network network)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(network);
        if (config.Balancer == BalancerKind.Alb)
        {
            Aws = new Pulumi.Aws.Provider("aws", new()
            {
                Region = config.Providers.Region,
                DefaultTags = new ProviderDefaultTagsArgs { Tags = Tags(config) },
            });
        }

        Cluster = Aws is not null && network.ClusterName is { } name
            ? GetCluster.Invoke(new() { Name = name }, new InvokeOptions { Provider = Aws })
                .Apply(found => Described(found, config.Providers.Region))
            : null;
        Kubernetes = new Pulumi.Kubernetes.Provider("kubernetes", ClusterOf(config));
    }

    /// <summary>AWS, or null where the balancer is none of AWS.</summary>
    public Pulumi.Aws.Provider? Aws { get; }

    /// <summary>The cluster.</summary>
    public Pulumi.Kubernetes.Provider Kubernetes { get; }

    /// <summary>The EKS cluster, or null for another one.</summary>
    public Output<GetClusterResult>? Cluster { get; }

    private Pulumi.Kubernetes.ProviderArgs ClusterOf(StackConfig config)
    {
        var args = new Pulumi.Kubernetes.ProviderArgs { EnableServerSideApply = true };
        if (Cluster is not null)
        {
            args.KubeConfig = EksKubeconfig.Of(Cluster, config.Providers.Region);
            return args;
        }

        if (config.Providers.Kubeconfig is { } kubeconfig)
        {
            args.KubeConfig = kubeconfig.Reveal();
        }

        if (config.Providers.KubeContext is { } context)
        {
            args.Context = context;
        }

        return args;
    }

    // The types say that all of it is always there; an answer need not keep to them.
    private static GetClusterResult Described(GetClusterResult? found, string region)
    {
        string?[] missing =
        [
            string.IsNullOrEmpty(found?.Name) ? "its name" : null,
            string.IsNullOrEmpty(found?.Endpoint) ? "its endpoint" : null,
            found is null || found.CertificateAuthorities.IsDefaultOrEmpty || string.IsNullOrEmpty(found.CertificateAuthorities[0]?.Data)
                ? "its certificate authority"
                : null,
            string.IsNullOrEmpty(found?.VpcConfig?.ClusterSecurityGroupId) ? "its security group" : null,
        ];
        var unsaid = missing.OfType<string>().ToList();
        return unsaid.Count == 0
            ? found!
            : throw new RunException(
                $"The lookup of the EKS cluster {found?.Name ?? "of candor:clusterName"} in {region} (aws:eks/getCluster) did not return "
                + $"{string.Join(", ", unsaid)}. Check that candor:clusterName names a cluster in that region that is active, and that "
                + "the credentials may describe it.");
    }

    private static InputMap<string> Tags(StackConfig config)
    {
        var tags = new InputMap<string>
        {
            ["candor:project"] = ConfigKeys.Namespace,
            ["candor:stack"] = Deployment.Instance.StackName,
            ["candor:environment"] = config.Environment == StackEnvironment.Prod ? "prod" : "dev",
        };
        foreach (var (key, value) in config.Providers.Tags)
        {
            tags[key] = value;
        }

        return tags;
    }
}
