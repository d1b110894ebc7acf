namespace Candor.Planning.Rules;

/// <summary>Type tokens that only rules look for, beside those of <see cref="ResourceTypes"/>.</summary>
internal static class KubernetesTypes
{
    internal const string PersistentVolumeClaim = "kubernetes:core/v1:PersistentVolumeClaim";
    internal const string SecurityGroupPolicy = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy";
    internal const string PodMonitor = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

    /// <summary>GKE's settings of a backend service, in every version.</summary>
    internal static readonly string[] BackendConfig = ["kubernetes:cloud.google.com/v1:BackendConfig", "kubernetes:cloud.google.com/v1beta1:BackendConfig"];

    /// <summary>Routes of the Gateway API, in every version that is served.</summary>
    internal static readonly string[] GatewayRoutes =
    [
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "kubernetes:gateway.networking.k8s.io/v1beta1:HTTPRoute",
        "kubernetes:gateway.networking.k8s.io/v1:GRPCRoute", "kubernetes:gateway.networking.k8s.io/v1alpha2:GRPCRoute",
    ];

    /// <summary>The health check of GKE's Gateway for a Service.</summary>
    internal const string HealthCheckPolicy = "kubernetes:networking.gke.io/v1:HealthCheckPolicy";

    /// <summary>Everything that runs pods from a template for as long as it exists.</summary>
    internal static readonly string[] Workloads = [ResourceTypes.Deployment, ResourceTypes.StatefulSet, ResourceTypes.DaemonSet];
}
