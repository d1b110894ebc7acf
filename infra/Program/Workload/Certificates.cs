using Candor.Contract;
using Candor.Program.Config;
using Candor.Program.Dependencies;

namespace Candor.Program.Workload;

/// <summary>The certificates with which a service verifies its dependencies: keys of its ConfigMap, and files of its container.</summary>
internal static class Certificates
{
    /// <summary>Where the files are.</summary>
    public const string Folder = "/etc/candor/certificates";

    /// <summary>The file of a dependency.</summary>
    public static string File(Dependency dependency) => $"{Folder}/{Key(dependency)}";

    /// <summary>The key in the ConfigMap, and the file's name.</summary>
    public static string Key(Dependency dependency) => $"{dependency.Name}.pem";

    /// <summary>The dependencies that need them, each with its certificates (PEM).</summary>
    public static IEnumerable<(Dependency Dependency, string Pem)> Of(ServiceConfig service, IDependencySource dependencies) =>
        from dependency in Connections.Secret(service)
        let pem = dependencies.Links.GetValueOrDefault(dependency.Kind)?.Certificates
        where pem is not null
        select (dependency, pem);
}
