using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Candor.Program.SecurityGroups;
using Pulumi;

namespace Candor.Program.Dependencies.Managed;

/// <summary>PostgreSQL, Redis and RabbitMQ run by AWS: encrypted, over two zones, and not deleted by accident.</summary>
public sealed class ManagedDependencies : StackComponent, IDependencySource
{
    /// <summary>Makes what the contracts name.</summary>
    public ManagedDependencies(StackConfig config, Network network, StackProviders providers, StackSecurityGroups groups)
        : base("dependencies:Managed", "dependencies", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(groups);
        var scope = new Scope(providers.Aws!, this);
        var parts = DialledDependencies.Of(config)
            .Select(dependency => Make(new ManagedRequest(dependency, config, network, groups.Dependencies!, scope)))
            .ToArray();
        Resources = [.. parts.Select(part => part.Resource)];
        Links = parts.ToDictionary(
            part => part.Dependency.Kind,
            part => new DependencyLink(
                Connection(part, config), () => AddressPeers.Of(network))
            { Certificates = CertificatesOf(part, config) });
        RegisterOutputs();
    }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, DependencyLink> Links { get; }

    /// <inheritdoc />
    public IReadOnlyList<Resource> Resources { get; }

    private static ManagedPiece Make(ManagedRequest request) => request.Dependency.Kind switch
    {
        DependencyKind.Postgres => ManagedPostgres.Make(request),
        DependencyKind.Redis => ManagedRedis.Make(request),
        _ => ManagedRabbitMq.Make(request),
    };

    private static Output<string> Connection(ManagedPiece part, StackConfig config)
    {
        var file = CertificatesOf(part, config) is null ? null : Workload.Certificates.File(part.Dependency);
        return Output.Tuple(part.Host, config.Dependencies.Secrets[part.Dependency.Kind].Password!.Reveal())
            .Apply(pair => ConnectionStrings.Of(part.Dependency, new(pair.Item1, config.DatabaseName, Tls: true, file), pair.Item2));
    }

    // ElastiCache and Amazon MQ have certificates that every system knows; RDS has its own roots.
    private static string? CertificatesOf(ManagedPiece part, StackConfig config) =>
        part.Dependency.Kind == DependencyKind.Postgres ? ManagedCertificates.Of(config) : null;
}
