using System.Collections.Frozen;

namespace Candor.Planning.Rules;

/// <summary>Which types of resources a rule reads for what they are; of the others, lint says that nobody looked at them.</summary>
internal static class JudgedTypes
{
    private static readonly FrozenSet<string> Types = new[]
    {
        ResourceTypes.LoadBalancer, ResourceTypes.TargetGroup, TargetGroupBindings.Attachment, ResourceTypes.Listener, ResourceTypes.ListenerRule,
        ResourceTypes.WebAclAssociation, ResourceTypes.SecurityGroup, ResourceTypes.SecurityGroupRule, ResourceTypes.SecurityGroupIngressRule,
        ResourceTypes.SecurityGroupEgressRule, ResourceTypes.MetricAlarm, ResourceTypes.CompositeAlarm, ResourceTypes.DatabaseInstance,
        ResourceTypes.DatabaseParameters, ResourceTypes.Namespace, ResourceTypes.ServiceAccount, ResourceTypes.ConfigMap, ResourceTypes.Secret, ResourceTypes.Service,
        ResourceTypes.Deployment, ResourceTypes.StatefulSet, ResourceTypes.DaemonSet, ResourceTypes.PodDisruptionBudget,
        ResourceTypes.HorizontalPodAutoscaler, ResourceTypes.NetworkPolicy, ResourceTypes.Ingress, ResourceTypes.TargetGroupBinding,
        ResourceTypes.PrometheusRule, ResourceTypes.ServiceMonitor, ResourceTypes.Probe, KubernetesTypes.PodMonitor,
        AwsTypes.EcsService, AwsTypes.TaskDefinition, AwsTypes.ScalingTarget, AwsTypes.ScalingGroup, AwsTypes.ScalingAttachment,
        KubernetesTypes.SecurityGroupPolicy, KubernetesTypes.PersistentVolumeClaim,
    }.Concat(KubernetesTypes.BackendConfig).Concat(KubernetesTypes.GatewayRoutes).Append(KubernetesTypes.HealthCheckPolicy).Concat(Protection.Types).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a rule looks at the resource. What is only read is a fact for other rules, and not judged itself.</summary>
    internal static bool Judges(PlanResource resource) =>
        !resource.IsExternal && (Types.Contains(resource.CanonicalType) || ApiVersions.Knows(resource.Type));

    /// <summary>The types of resources that nobody looked at, sorted. Components and providers are nothing of their own.</summary>
    internal static IReadOnlyList<string> NotRead(Plan plan) =>
        [.. plan.Resources
            .Where(resource => resource is { IsComponent: false, IsProvider: false } && !Types.Contains(resource.CanonicalType) && !ApiVersions.Knows(resource.Type))
            .Select(resource => resource.Type)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
}
