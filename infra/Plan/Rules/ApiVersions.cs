using System.Collections.Frozen;

namespace Candor.Planning.Rules;

/// <summary>AV: whether the cluster still knows the versions of Kubernetes' APIs that the Plan is written in.</summary>
internal sealed class ApiVersions : RuleFamily
{
    internal static readonly Rule Served = new()
    {
        Id = "AV001",
        Severity = Severity.Error,
        Holds = "every Kubernetes object is of an API version that Kubernetes still serves",
        Why = "The API server refuses the object, and whatever it protects or routes is left without it.",
        Fix = "Write the object in the version of today.",
        Example = "apiVersion is \"policy/v1beta1\", expected \"policy/v1\"; Kubernetes 1.25 and later do not serve it",
        Counterparts = new("stable-version", "no-extensions-v1beta (extensions only)"),
    };

    /// <summary>
    /// What was removed, when, and what stands in its place
    /// (<see href="https://kubernetes.io/docs/reference/using-api/deprecation-guide/">Deprecated API Migration Guide</see>).
    /// </summary>
    private static readonly FrozenDictionary<string, (string Removed, string Instead)> Removals = new (string Version, string Removed, string Instead, string Kinds)[]
    {
        ("extensions/v1beta1", "1.16", "apps/v1", "Deployment DaemonSet ReplicaSet"),
        ("extensions/v1beta1", "1.16", "networking.k8s.io/v1", "NetworkPolicy"),
        ("extensions/v1beta1", "1.22", "networking.k8s.io/v1", "Ingress"),
        ("apps/v1beta1", "1.16", "apps/v1", "Deployment StatefulSet"),
        ("apps/v1beta2", "1.16", "apps/v1", "Deployment StatefulSet DaemonSet ReplicaSet"),
        ("networking.k8s.io/v1beta1", "1.22", "networking.k8s.io/v1", "Ingress IngressClass"),
        ("rbac.authorization.k8s.io/v1beta1", "1.22", "rbac.authorization.k8s.io/v1", "Role RoleBinding ClusterRole ClusterRoleBinding"),
        ("apiextensions.k8s.io/v1beta1", "1.22", "apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("admissionregistration.k8s.io/v1beta1", "1.22", "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
        ("apiregistration.k8s.io/v1beta1", "1.22", "apiregistration.k8s.io/v1", "APIService"),
        ("certificates.k8s.io/v1beta1", "1.22", "certificates.k8s.io/v1", "CertificateSigningRequest"),
        ("coordination.k8s.io/v1beta1", "1.22", "coordination.k8s.io/v1", "Lease"),
        ("scheduling.k8s.io/v1beta1", "1.22", "scheduling.k8s.io/v1", "PriorityClass"),
        ("storage.k8s.io/v1beta1", "1.22", "storage.k8s.io/v1", "CSIDriver CSINode StorageClass VolumeAttachment"),
        ("batch/v1beta1", "1.25", "batch/v1", "CronJob"),
        ("discovery.k8s.io/v1beta1", "1.25", "discovery.k8s.io/v1", "EndpointSlice"),
        ("node.k8s.io/v1beta1", "1.25", "node.k8s.io/v1", "RuntimeClass"),
        ("policy/v1beta1", "1.25", "policy/v1", "PodDisruptionBudget"),
        ("policy/v1beta1", "1.25", "Pod Security Admission (labels of the namespace)", "PodSecurityPolicy"),
        ("autoscaling/v2beta1", "1.25", "autoscaling/v2", "HorizontalPodAutoscaler"),
        ("autoscaling/v2beta2", "1.26", "autoscaling/v2", "HorizontalPodAutoscaler"),
    }
        .SelectMany(entry => entry.Kinds.Split(' ').Select(kind => ($"{ResourceTypes.KubernetesPrefix}{entry.Version}:{kind}", (entry.Removed, entry.Instead))))
        .ToFrozenDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    /// <inheritdoc />
    public override string Title => "API versions";

    /// <inheritdoc />
    public override string Reads =>
        "every Kubernetes object";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Served];

    /// <summary>Whether the rule knows a version of the type that is no longer served.</summary>
    internal static bool Knows(string token) => Removals.ContainsKey(token);

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var resource in scope.Plan.Resources.Where(resource => resource.IsKubernetes))
        {
            if (Removals.TryGetValue(resource.Type, out var removal))
            {
                var version = resource.Type[ResourceTypes.KubernetesPrefix.Length..resource.Type.LastIndexOf(':')];
                var instead = removal.Instead.Contains(' ', StringComparison.Ordinal) ? removal.Instead : $"\"{removal.Instead}\"";
                findings.Add(Served, resource, "apiVersion", $"\"{version}\"", $"{instead}; Kubernetes {removal.Removed} and later do not serve it", $"Write it as {removal.Instead}.");
            }
        }
    }
}
