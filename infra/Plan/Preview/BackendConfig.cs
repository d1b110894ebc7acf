namespace Candor.Planning;

/// <summary>GKE's settings of the balancer for a Service.</summary>
internal static class BackendConfig
{
    /// <summary>The only status that Google's HTTP health checks take for healthy; there is no field to say another.</summary>
    internal const string HealthyCode = "200";

    private const string Type = "kubernetes:cloud.google.com/v1:BackendConfig";
    private const string Annotation = "cloud.google.com/backend-config";

    /// <summary>The BackendConfig of a Service in front of the workload, or null.</summary>
    internal static PlanResource? Of(Plan plan, PlanResource workload) =>
        plan.Index.OfType(Type).FirstOrDefault(candidate => plan.ServicesOf(workload).Any(service => IsBoundTo(service, candidate)));

    // The annotation is a small JSON text that names it.
    private static bool IsBoundTo(PlanResource service, PlanResource backend) =>
        service.KubernetesNamespace == backend.KubernetesNamespace
        && service.Inputs["metadata"]["annotations"][Annotation].Text?.Contains($"\"{backend.KubernetesName}\"", StringComparison.Ordinal) == true;
}
