using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.OtherBalancers;
using Candor.Program.Providers;

namespace Candor.Program.Edges;

/// <summary>Chooses among the balancers.</summary>
internal static class PublicEdges
{
    public static IPublicEdge Of(StackConfig config, Network network, StackProviders providers, WorkloadSpace space) =>
        config.Balancer switch
        {
            BalancerKind.Alb => new AlbEdge(config, network, providers, space),
            BalancerKind.Gke => new GkeEdge(config, space),
            _ => new NginxEdge(config, space),
        };
}
