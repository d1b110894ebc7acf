using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>PostgreSQL, Redis and RabbitMQ as StatefulSets beside the services.</summary>
public sealed class InClusterDependencies : StackComponent, IDependencySource
{
    /// <summary>Makes what the contracts name.</summary>
    public InClusterDependencies(StackConfig config, WorkloadSpace space)
        : base("dependencies:InCluster", "dependencies", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(space);
        var scope = space.ScopeOf(this);
        var parts = DialledDependencies.Of(config)
            .Select(dependency => new StatefulPart(Recipes.Of(dependency, config), dependency, config, space, scope))
            .ToArray();
        Resources = [.. parts.Select(part => part.StatefulSet)];
        Links = parts.ToDictionary(
            part => part.Dependency.Kind, part => new DependencyLink(Connection(part, config, space), () => [Peer(part.Dependency)]));
        RegisterOutputs();
    }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, DependencyLink> Links { get; }

    /// <inheritdoc />
    public IReadOnlyList<Resource> Resources { get; }

    private static Output<string> Connection(StatefulPart part, StackConfig config, WorkloadSpace space)
    {
        var server = new Server(space.HostOf(part.Dependency.Name), config.DatabaseName, Tls: false);
        return config.Dependencies.Secrets[part.Dependency.Kind].Password!.Reveal()
            .Apply(password => ConnectionStrings.Of(part.Dependency, server, password));
    }

    private static NetworkPolicyPeerArgs Peer(Dependency dependency) => new() { PodSelector = Labels.Select(dependency.Name) };
}
