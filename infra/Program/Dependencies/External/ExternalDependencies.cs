using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi;

namespace Candor.Program.Dependencies.External;

/// <summary>Dependencies outside the stack: each connection string is a secret of the stack.</summary>
public sealed class ExternalDependencies : IDependencySource
{
    /// <summary>The links to them.</summary>
    public ExternalDependencies(StackConfig config, Network network)
    {
        ArgumentNullException.ThrowIfNull(config);
        Links = DialledDependencies.Of(config).ToDictionary(
            dependency => dependency.Kind,
            dependency => new DependencyLink(
                config.Dependencies.Secrets[dependency.Kind].Connection!.Reveal()
                    .Apply(text => ConnectionStrings.WithPool(dependency, text)),
                () => AddressPeers.Of(network)));
    }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, DependencyLink> Links { get; }

    /// <inheritdoc />
    public IReadOnlyList<Resource> Resources => [];
}
