using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi.Kubernetes.Autoscaling.V2;
using Pulumi.Kubernetes.Policy.V1;
using Pulumi.Kubernetes.Types.Inputs.Autoscaling.V2;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Deployment = Pulumi.Kubernetes.Apps.V1.Deployment;

namespace Candor.Program.Workload;

/// <summary>What keeps enough pods: the disruption budget and the autoscaler.</summary>
internal static class Availability
{
    /// <summary>How long load must have been low before pods are taken away: a dip is no trend.</summary>
    private const int CalmSeconds = 300;

    /// <summary>How often pods are added.</summary>
    private const int GrowthSeconds = 60;

    public static PodDisruptionBudget Budget(ServiceConfig service, WorkloadSpace space, Scope scope) => new(
        service.Name,
        new()
        {
            Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
            Spec = new PodDisruptionBudgetSpecArgs
            {
                MaxUnavailable = 1,
                // A broken pod must not keep a node from being drained.
                UnhealthyPodEvictionPolicy = "AlwaysAllow",
                Selector = Labels.Select(service.Name),
            },
        },
        scope.Options());

    public static HorizontalPodAutoscaler Autoscaler(ServiceConfig service, WorkloadSpace space, Scope scope, Deployment deployment) => new(
        service.Name,
        new()
        {
            Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
            Spec = new HorizontalPodAutoscalerSpecArgs
            {
                ScaleTargetRef = new CrossVersionObjectReferenceArgs { ApiVersion = "apps/v1", Kind = "Deployment", Name = service.Name },
                MinReplicas = service.Scale.Minimum,
                MaxReplicas = service.Scale.Maximum,
                Metrics =
                {
                    new MetricSpecArgs
                    {
                        Type = "Resource",
                        Resource = new ResourceMetricSourceArgs
                        {
                            Name = "cpu",
                            Target = new MetricTargetArgs { Type = "Utilization", AverageUtilization = service.Scale.TargetCpu },
                        },
                    },
                },
                Behavior = new HorizontalPodAutoscalerBehaviorArgs
                {
                    ScaleUp = new HPAScalingRulesArgs
                    {
                        StabilizationWindowSeconds = 0,
                        SelectPolicy = "Max",
                        Policies = { new HPAScalingPolicyArgs { Type = "Percent", Value = 100, PeriodSeconds = GrowthSeconds } },
                    },
                    ScaleDown = new HPAScalingRulesArgs
                    {
                        StabilizationWindowSeconds = CalmSeconds,
                        SelectPolicy = "Min",
                        // One pod at a time, each drained before the next.
                        Policies =
                        {
                            new HPAScalingPolicyArgs
                            {
                                Type = "Pods",
                                Value = 1,
                                PeriodSeconds = service.Contract.Drain.TerminationGrace.WholeSeconds(),
                            },
                        },
                    },
                },
            },
        },
        scope.Options(deployment));
}
