using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Workload;

/// <summary>The connection strings of a service, as a Secret.</summary>
internal static class Connections
{
    public static Secret Make(ServiceConfig service, IDependencySource dependencies, WorkloadSpace space, Scope scope)
    {
        var args = new SecretArgs
        {
            Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
            Type = "Opaque",
        };
        foreach (var dependency in Secret(service))
        {
            args.StringData.Add(Variable(dependency), dependencies.Links[dependency.Kind].Connection);
        }

        return new(service.Name, args, scope.Options());
    }

    /// <summary>The dependencies whose connection string is a secret.</summary>
    public static IEnumerable<Dependency> Secret(ServiceConfig service) =>
        service.Contract.Dependencies.Where(dependency => dependency.Kind != DependencyKind.Http);

    /// <summary>The environment variable, and the key in the Secret or ConfigMap, of a dependency.</summary>
    public static string Variable(Dependency dependency) => $"ConnectionStrings__{dependency.Name}";
}
