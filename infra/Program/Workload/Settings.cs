using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi.Kubernetes.Core.V1;

namespace Candor.Program.Workload;

/// <summary>A service's settings that are not secret: its contract, and the addresses of its http dependencies.</summary>
internal static class Settings
{
    /// <summary>Key of the contract; the environment variable has the same name.</summary>
    public const string ContractKey = ContractEnvironment.ContractVariable;

    public static ConfigMap Make(
        ServiceConfig service, StackConfig config, IDependencySource dependencies, WorkloadSpace space, Scope scope)
    {
        var map = new Pulumi.Kubernetes.Types.Inputs.Core.V1.ConfigMapArgs
        {
            Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
            Data = { [ContractKey] = ContractJson.Serialize(service.Contract) },
        };
        foreach (var dependency in Http(service))
        {
            map.Data.Add(Connections.Variable(dependency), config.Dependencies.Endpoints[dependency.Name]);
        }

        foreach (var (dependency, pem) in Certificates.Of(service, dependencies))
        {
            map.Data.Add(Certificates.Key(dependency), pem);
        }

        return new(service.Name, map, scope.Options());
    }

    /// <summary>The dependencies whose address is no secret.</summary>
    public static IEnumerable<Dependency> Http(ServiceConfig service) =>
        service.Contract.Dependencies.Where(dependency => dependency.Kind == DependencyKind.Http);
}
