using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies.External;
using Candor.Program.Dependencies.InCluster;
using Candor.Program.Dependencies.Managed;
using Candor.Program.Providers;
using Candor.Program.SecurityGroups;

namespace Candor.Program.Dependencies;

/// <summary>Chooses among the three implementations.</summary>
internal static class DependencySources
{
    public static IDependencySource Of(
        StackConfig config, Network network, StackProviders providers, StackSecurityGroups? groups, WorkloadSpace space) =>
        config.Dependencies.Mode switch
        {
            DependencyMode.InCluster => new InClusterDependencies(config, space),
            DependencyMode.Managed => new ManagedDependencies(config, network, providers, groups!),
            _ => new ExternalDependencies(config, network),
        };
}
