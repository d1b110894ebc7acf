using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Workload;

/// <summary>
/// Who reaches a service and whom it reaches: the balancer and the kubelet on the traffic port, the monitoring on the management
/// port; DNS and exactly the contract's dependencies.
/// </summary>
internal static class ServicePolicy
{
    private const int Dns = 53;

    public static NetworkPolicy Make(
        ServiceConfig service, StackConfig config, WorkloadSpace space, IDependencySource dependencies, IBalancerAttachment balancer,
        Scope scope)
    {
        var spec = new NetworkPolicySpecArgs
        {
            PodSelector = Labels.Select(service.Name),
            PolicyTypes = { "Ingress", "Egress" },
            Ingress =
            {
                From(service.Contract.Port, balancer.Peers()),
                From(service.Contract.Port, AddressPeers.Of(config.Network.NodeCidrs)),
                From(service.Contract.ManagementPort, [InNamespace(config.Watching.MonitoringNamespace)]),
            },
            Egress = { ToDns() },
        };
        foreach (var port in service.Container.Ports.Values)
        {
            spec.Ingress.Add(From(port, [new NetworkPolicyPeerArgs { PodSelector = new LabelSelectorArgs() }]));
        }

        foreach (var dependency in service.Contract.Dependencies)
        {
            var peers = dependencies.Links.TryGetValue(dependency.Kind, out var link)
                ? link.Peers()
                : AddressPeers.Of(config.Network.DependencyCidrs);
            spec.Egress.Add(To(dependency.DialledPort(), peers));
        }

        return new(
            service.Name,
            new() { Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service), Spec = spec },
            scope.Options());
    }

    private static NetworkPolicyIngressRuleArgs From(int port, IEnumerable<NetworkPolicyPeerArgs> peers)
    {
        var rule = new NetworkPolicyIngressRuleArgs { Ports = { NetworkPorts.Tcp(port) } };
        foreach (var peer in peers)
        {
            rule.From.Add(peer);
        }

        return rule;
    }

    private static NetworkPolicyEgressRuleArgs To(int port, IEnumerable<NetworkPolicyPeerArgs> peers)
    {
        var rule = new NetworkPolicyEgressRuleArgs { Ports = { NetworkPorts.Tcp(port) } };
        foreach (var peer in peers)
        {
            rule.To.Add(peer);
        }

        return rule;
    }

    private static NetworkPolicyEgressRuleArgs ToDns() => new()
    {
        Ports = { NetworkPorts.Udp(Dns), NetworkPorts.Tcp(Dns) },
        To =
        {
            new NetworkPolicyPeerArgs
            {
                NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = "kube-system" } },
                PodSelector = new LabelSelectorArgs { MatchLabels = { ["k8s-app"] = "kube-dns" } },
            },
        },
    };

    private static NetworkPolicyPeerArgs InNamespace(string name) => new()
    {
        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = name } },
    };
}
