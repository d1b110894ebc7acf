namespace Candor.Planning.Rules;

/// <summary>Type tokens that only rules look for, beside those of <see cref="ResourceTypes"/>.</summary>
internal static class KubernetesTypes
{
    internal const string PersistentVolumeClaim = "kubernetes:core/v1:PersistentVolumeClaim";
    internal const string SecurityGroupPolicy = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy";
    internal const string PodMonitor = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

    /// <summary>GKE's settings of a backend service, in every version.</summary>
    internal static readonly string[] BackendConfig = ["kubernetes:cloud.google.com/v1:BackendConfig", "kubernetes:cloud.google.com/v1beta1:BackendConfig"];

    /// <summary>Everything that runs pods from a template for as long as it exists.</summary>
    internal static readonly string[] Workloads = [ResourceTypes.Deployment, ResourceTypes.StatefulSet, ResourceTypes.DaemonSet];
}
