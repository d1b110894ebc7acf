using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Candor.Program.Workload;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Balancer;

/// <summary>
/// Gets a service behind the ALB: a TargetGroupBinding registers its pods, and a readiness gate waits until they are healthy there.
/// </summary>
public sealed class AlbAttachment(StackConfig config, PublicBalancer balancer, IReadOnlyList<Resource> podGroups) : IBalancerAttachment
{
    /// <inheritdoc />
    public IReadOnlyList<NetworkPolicyPeerArgs> Peers() => AddressPeers.Of(config.Network.BalancerSubnetCidrs);

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> ServiceAnnotations(ServiceConfig service) => new Dictionary<string, string>();

    /// <inheritdoc />
    public string ReadinessGate(ServiceConfig service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return $"target-health.elbv2.k8s.aws/{service.Name}";
    }

    /// <inheritdoc />
    public IReadOnlyList<Resource> Attach(ServiceConfig service, Service target, Scope scope)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(scope);
        var binding = new TargetGroupBinding(
            service.Name,
            new()
            {
                Metadata = Labels.Meta(service.Name, config.Namespace, service.Name, Tiers.Service),
                Spec = new TargetGroupBindingSpecArgs
                {
                    TargetGroupArn = balancer.TargetGroups[service.Name].Arn,
                    TargetType = "ip",
                    ServiceRef = new ServiceReferenceArgs { Name = service.Name, Port = service.Contract.Port },
                },
            },
            scope.Options([target, .. balancer.Listeners.All, .. balancer.Listeners.Rules]));
        return [binding, .. podGroups];
    }
}
