using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Workload;

/// <summary>How a service is attached to the stack's balancer. The workload is independent of which balancer it is.</summary>
public interface IBalancerAttachment
{
    /// <summary>Where the balancer's traffic and probes come from; made anew for each policy.</summary>
    IReadOnlyList<NetworkPolicyPeerArgs> Peers();

    /// <summary>Annotations of the service's Service.</summary>
    IReadOnlyDictionary<string, string> ServiceAnnotations(ServiceConfig service);

    /// <summary>The pod condition that the balancer sets, or null.</summary>
    string? ReadinessGate(ServiceConfig service);

    /// <summary>Makes what leads the balancer to the pods. The Deployment waits for what is returned.</summary>
    IReadOnlyList<Resource> Attach(ServiceConfig service, Service target, Scope scope);
}
