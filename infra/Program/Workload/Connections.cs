using System.Globalization;
using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Workload;

/// <summary>What a service must not show, as a Secret: its connection strings, its own secrets and the management token.</summary>
internal static class Connections
{
    /// <summary>
    /// The annotation with the connections that a database server outside of the Plan allows; rule DB001 compares with it.
    /// </summary>
    public const string DatabaseMaximum = "candor.dev/database-max-connections";

    /// <summary>The variable with the token required to drain a pod over the network.</summary>
    public const string ManagementToken = "CANDOR_MANAGEMENT_TOKEN";

    public static Secret Make(ServiceConfig service, StackConfig config, IDependencySource dependencies, WorkloadSpace space, Scope scope)
    {
        var metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service);
        if (config.Dependencies is { Mode: DependencyMode.External, DatabaseMaximum: { } maximum } && service.DatabaseDemand > 0)
        {
            // For the rules: the server itself is not in the Plan.
            metadata.Annotations = new Pulumi.InputMap<string> { [DatabaseMaximum] = maximum.ToString(CultureInfo.InvariantCulture) };
        }

        var args = new SecretArgs { Metadata = metadata, Type = "Opaque" };
        foreach (var dependency in Secret(service))
        {
            args.StringData.Add(Variable(dependency), dependencies.Links.TryGetValue(dependency.Kind, out var link)
                ? link.Connection
                : config.Dependencies.Connections[dependency.Name].Reveal());
        }

        foreach (var (name, value) in service.Container.SecretEnvironment)
        {
            args.StringData.Add(name, value.Reveal());
        }

        if (config.ManagementToken is { } token)
        {
            args.StringData.Add(ManagementToken, token.Reveal());
        }

        return new(service.Name, args, scope.Options());
    }

    /// <summary>The dependencies whose connection string is a secret.</summary>
    public static IEnumerable<Dependency> Secret(ServiceConfig service) =>
        service.Contract.Dependencies.Where(dependency => dependency.Kind != DependencyKind.Http);

    /// <summary>The environment variable, and the key in the Secret or ConfigMap, of a dependency.</summary>
    public static string Variable(Dependency dependency) => $"ConnectionStrings__{dependency.Name}";
}
