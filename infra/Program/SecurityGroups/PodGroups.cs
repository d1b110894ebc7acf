using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.SecurityGroups;

/// <summary>
/// Attaches the pods' and dependencies' groups to the pods, beside the cluster's own group: through that one the kubelet probes,
/// DNS answers and Prometheus scrapes, so that the pods' own group has to admit the balancer only.
/// </summary>
public sealed class PodGroups : StackComponent
{
    /// <summary>Attaches the groups.</summary>
    public PodGroups(StackConfig config, StackSecurityGroups groups, StackProviders providers, WorkloadSpace space)
        : base("network:PodGroups", "pod-groups", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(space);
        var cluster = ClusterGroup(config, providers);
        List<Resource> made = [Attach("services", Tiers.Service, groups.Pods, cluster, space)];
        if (config.Dependencies.Mode == DependencyMode.InCluster && groups.Dependencies is { } dependencies)
        {
            made.Add(Attach("dependencies", Tiers.Dependency, dependencies, cluster, space));
        }

        Resources = made;
        RegisterOutputs();
    }

    /// <summary>What must exist before the pods: a group is attached when a pod is made, and never after.</summary>
    public IReadOnlyList<Resource> Resources { get; }

    private static Output<string>? ClusterGroup(StackConfig config, StackProviders providers) =>
        config.Network.ClusterSecurityGroupId is { } id
        ? Output.Create(id)
        : providers.Cluster?.Apply(cluster => cluster.VpcConfig.ClusterSecurityGroupId);

    private SecurityGroupPolicy Attach(string name, string tier, SecurityGroup group, Output<string>? cluster, WorkloadSpace space)
    {
        var ids = new GroupIdsArgs { GroupIds = { group.Id } };
        if (cluster is not null)
        {
            ids.GroupIds.Add(cluster);
        }

        return new(
            name,
            new()
            {
                Metadata = Labels.Meta(name, space.Name, name, tier),
                Spec = new SecurityGroupPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs { MatchLabels = { [Labels.Tier] = tier } },
                    SecurityGroups = ids,
                },
            },
            space.ScopeOf(this).Options());
    }
}
