using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>Only the services that name a dependency, and the kubelet, reach it; it has no egress.</summary>
internal static class DependencyPolicy
{
    public static NetworkPolicy Make(Dependency dependency, Recipe recipe, StackConfig config, WorkloadSpace space, Scope scope)
    {
        var ingress = new NetworkPolicyIngressRuleArgs { Ports = { NetworkPorts.Tcp(dependency.DialledPort()) } };
        foreach (var service in config.Services.Where(service => service.Contract.Dependencies.Any(named => named.Kind == dependency.Kind)))
        {
            ingress.From.Add(new NetworkPolicyPeerArgs { PodSelector = Labels.Select(service.Name) });
        }

        var probes = new NetworkPolicyIngressRuleArgs { Ports = { NetworkPorts.Tcp(dependency.DialledPort()) } };
        foreach (var port in recipe.FurtherPorts.Values)
        {
            probes.Ports.Add(NetworkPorts.Tcp(port));
        }

        foreach (var peer in AddressPeers.Of(config.Network.NodeCidrs))
        {
            probes.From.Add(peer);
        }

        return new(
            dependency.Name,
            new()
            {
                Metadata = Labels.Meta(dependency.Name, space.Name, dependency.Name, Tiers.Dependency),
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = Labels.Select(dependency.Name),
                    PolicyTypes = { "Ingress", "Egress" },
                    Ingress = { ingress, probes },
                },
            },
            scope.Options());
    }
}
