using System.Globalization;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Local;

/// <summary>Reads Deployments and StatefulSets, with Kubernetes' defaults for what is not set.</summary>
internal sealed class WorkloadReader(Plan plan, PodTemplateReader templates, double speed, ICollection<string> problems)
{
    public WorkloadSpec Deployment(PlanResource resource)
    {
        var spec = resource.Inputs["spec"];
        var where = $"Deployment {resource.KubernetesName}";
        var rolling = spec["strategy"]["rollingUpdate"];
        return Workload(WorkloadKind.Deployment, where, resource) with
        {
            Strategy = new()
            {
                Recreate = spec["strategy"]["type"].Text == "Recreate",
                MaxSurge = Share($"{where}, maxSurge", rolling["maxSurge"]),
                MaxUnavailable = Share($"{where}, maxUnavailable", rolling["maxUnavailable"]),
                MinReady = spec["minReadySeconds"].Seconds(0, speed),
                ProgressDeadline = spec["progressDeadlineSeconds"].Seconds(600, speed),
            },
        };
    }

    public WorkloadSpec StatefulSet(PlanResource resource) =>
        Workload(WorkloadKind.StatefulSet, $"StatefulSet {resource.KubernetesName}", resource);

    private WorkloadSpec Workload(WorkloadKind kind, string where, PlanResource resource)
    {
        var spec = resource.Inputs["spec"];
        return new()
        {
            Kind = kind,
            Namespace = resource.KubernetesNamespace,
            Name = resource.KubernetesName,
            Replicas = spec["replicas"].Exists ? spec["replicas"].Whole(1) : Autoscaled(resource) ?? 1,
            OwnReplicas = spec["replicas"].Exists,
            Template = templates.Read(where, resource.KubernetesNamespace, spec["template"]),
            Propagation = (plan.ContractOf(resource)?.Drain ?? new DrainSettings()).Propagation.Scale(speed),
        };
    }

    /// <summary>The least pods that an autoscaler keeps; there is no load here that it would scale by.</summary>
    private int? Autoscaled(PlanResource workload) => plan.AutoscalerOf(workload)?.Inputs["spec"]["minReplicas"].Whole(1);

    private IntOrPercent Share(string where, PlanValue value)
    {
        if (!value.Exists)
        {
            return new(25, true);
        }

        var text = value.Text ?? value.ToString();
        var percent = text.EndsWith('%');
        if (double.TryParse(percent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0)
        {
            return new((int)number, percent);
        }

        problems.Add($"{where} is {value}; it must be a number or a percentage such as 25%.");
        return new(25, true);
    }
}
