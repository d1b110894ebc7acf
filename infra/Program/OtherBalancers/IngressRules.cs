using Candor.Program.Config;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.OtherBalancers;

/// <summary>The rules of an Ingress that match the ALB's listener rules.</summary>
internal static class IngressRules
{
    /// <summary>Every host and path of the services; the main one gets what no other takes.</summary>
    public static IReadOnlyList<IngressRuleArgs> Of(StackConfig config) =>
    [
        .. config.Services.SelectMany(service => service.Hosts.Select(host => (Host: host, Service: service)))
            .Concat(config.Services.Where(
                service => service.Hosts.IsEmpty).Select(service => (Host: config.Edge.Domain!, Service: service)))
            .GroupBy(route => route.Host, route => route.Service, StringComparer.Ordinal)
            .Select(host => new IngressRuleArgs { Host = host.Key, Http = new HTTPIngressRuleValueArgs { Paths = PathsOf(host) } }),
    ];

    private static Pulumi.InputList<HTTPIngressPathArgs> PathsOf(IEnumerable<ServiceConfig> services)
    {
        var paths = new Pulumi.InputList<HTTPIngressPathArgs>();
        foreach (var (path, service) in services.SelectMany(service => Prefixes(service).Select(path => (path, service))))
        {
            paths.Add(new HTTPIngressPathArgs
            {
                Path = path,
                PathType = "Prefix",
                Backend = new IngressBackendArgs
                {
                    Service = new IngressServiceBackendArgs
                    {
                        Name = service.Name,
                        Port = new ServiceBackendPortArgs { Number = service.Contract.Port },
                    },
                },
            });
        }

        return paths;
    }

    /// <summary>An ALB's <c>/billing/*</c> is the prefix <c>/billing</c>; without paths, everything.</summary>
    private static IEnumerable<string> Prefixes(ServiceConfig service) => service.Paths.IsEmpty
        ? ["/"]
        : service.Paths.Select(path => path.EndsWith("/*", StringComparison.Ordinal) ? path[..^2] : path)
            .Select(path => path.Length == 0 ? "/" : path);
}
