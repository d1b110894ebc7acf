using System.Globalization;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>How a workload is rolled, as Kubernetes reads it.</summary>
public static class Rollouts
{
    /// <summary>The contract that a workload is given, or null when it is given none, or one that cannot be read.</summary>
    public static HealthContract? ContractOf(this Plan plan, PlanResource workload)
    {
        if (plan.ContractTextOf(workload) is not { } text)
        {
            return null;
        }

        var (reading, violations) = ContractJson.ReadLenient(text);
        return violations.Count == 0 ? reading.Contract : null;
    }

    /// <summary>
    /// The Deployment of the Plan's main service: the first that is given the Plan's contract, or else the first of all; null without any.
    /// </summary>
    public static PlanResource? MainWorkload(this Plan plan)
    {
        var deployments = plan.Index.OfType(ResourceTypes.Deployment).ToList();
        return deployments.FirstOrDefault(deployment => plan.Contract is { } main && main.Equals(plan.ContractOf(deployment)))
            ?? deployments.FirstOrDefault();
    }

    /// <summary>
    /// What of the workload decides how long a rolling update takes. Replicas are the autoscaler's minimum where there is one;
    /// shares of a percentage are rounded as Kubernetes does (surge up, unavailable down), and what is not set has Kubernetes' default.
    /// </summary>
    public static RolloutShape RolloutOf(this Plan plan, PlanResource workload)
    {
        var spec = workload.Inputs["spec"];
        var rolling = spec["strategy"]["rollingUpdate"];
        var replicas = plan.AutoscalerOf(workload) is { } autoscaler
            ? Whole(autoscaler.Inputs["spec"]["minReplicas"], 1)
            : Whole(spec["replicas"], 1);
        return new(
            replicas,
            Share(rolling["maxSurge"], replicas, Math.Ceiling),
            Share(rolling["maxUnavailable"], replicas, Math.Floor),
            TimeSpan.FromSeconds(Whole(spec["minReadySeconds"], 0)));
    }

    /// <summary>The HorizontalPodAutoscaler that scales the workload, or null.</summary>
    public static PlanResource? AutoscalerOf(this Plan plan, PlanResource workload) =>
        plan.Index.OfType(ResourceTypes.HorizontalPodAutoscaler).FirstOrDefault(autoscaler =>
            autoscaler.KubernetesNamespace == workload.KubernetesNamespace
            && autoscaler.Inputs["spec"]["scaleTargetRef"]["name"].Text == workload.KubernetesName
            && autoscaler.Inputs["spec"]["scaleTargetRef"]["kind"].Text is { } kind
            && workload.Type.EndsWith(":" + kind, StringComparison.Ordinal));

    private static int Whole(PlanValue value, int otherwise) =>
        value.Number is { } number and >= 0 and <= int.MaxValue ? (int)number : otherwise;

    private static int Share(PlanValue value, int replicas, Func<double, double> round)
    {
        const double DefaultShare = 25;
        if (value.Number is not null)
        {
            return Whole(value, 0);
        }

        var percent = value.Text is { } text && text.EndsWith('%')
            && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var written) && double.IsFinite(written)
                ? written
                : DefaultShare;
        return (int)Math.Clamp(round(replicas * percent / 100), 0, int.MaxValue);
    }
}
