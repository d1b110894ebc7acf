using System.Collections.Frozen;

namespace Candor.Planning;

/// <summary>Tokens under which a type was known before, each with the token of today.</summary>
internal static class TypeAliases
{
    /// <summary>
    /// Modules of the AWS package that hold the same resources as <c>aws:lb</c>
    /// (<see href="https://www.pulumi.com/registry/packages/aws/api-docs/alb/">alb</see>, and two older names).
    /// </summary>
    private static readonly string[] LoadBalancing = ["aws:alb/", "aws:elasticloadbalancingv2/", "aws:applicationloadbalancing/"];

    /// <summary>Older versions of Kubernetes' APIs whose objects are read as those of today.</summary>
    private static readonly FrozenDictionary<string, string> Kubernetes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kubernetes:extensions/v1beta1:Deployment"] = ResourceTypes.Deployment,
        ["kubernetes:apps/v1beta1:Deployment"] = ResourceTypes.Deployment,
        ["kubernetes:apps/v1beta2:Deployment"] = ResourceTypes.Deployment,
        ["kubernetes:apps/v1beta1:StatefulSet"] = ResourceTypes.StatefulSet,
        ["kubernetes:apps/v1beta2:StatefulSet"] = ResourceTypes.StatefulSet,
        ["kubernetes:extensions/v1beta1:DaemonSet"] = ResourceTypes.DaemonSet,
        ["kubernetes:apps/v1beta2:DaemonSet"] = ResourceTypes.DaemonSet,
        ["kubernetes:policy/v1beta1:PodDisruptionBudget"] = ResourceTypes.PodDisruptionBudget,
        ["kubernetes:extensions/v1beta1:NetworkPolicy"] = ResourceTypes.NetworkPolicy,
        ["kubernetes:extensions/v1beta1:Ingress"] = ResourceTypes.Ingress,
        ["kubernetes:networking.k8s.io/v1beta1:Ingress"] = ResourceTypes.Ingress,
        ["kubernetes:autoscaling/v1:HorizontalPodAutoscaler"] = ResourceTypes.HorizontalPodAutoscaler,
        ["kubernetes:autoscaling/v2beta1:HorizontalPodAutoscaler"] = ResourceTypes.HorizontalPodAutoscaler,
        ["kubernetes:autoscaling/v2beta2:HorizontalPodAutoscaler"] = ResourceTypes.HorizontalPodAutoscaler,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The token of today; the same token for a type that has no older one.</summary>
    internal static string Canonical(string token)
    {
        if (token.StartsWith(ResourceTypes.KubernetesPrefix, StringComparison.Ordinal))
        {
            return Kubernetes.GetValueOrDefault(token, token);
        }

        return LoadBalancing.FirstOrDefault(module => token.StartsWith(module, StringComparison.Ordinal)) is { } older
            ? string.Concat("aws:lb/", token.AsSpan(older.Length))
            : token;
    }
}
