using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Deployment = Pulumi.Kubernetes.Apps.V1.Deployment;

namespace Candor.Program.Workload;

/// <summary>The Deployment of a service: rolled without a missing pod, with deadlines from the contract's timeline.</summary>
internal static class RollingDeployment
{
    public static Deployment Make(
        ServiceConfig service, StackConfig config, WorkloadSpace space, IDependencySource dependencies, string? readinessGate,
        CustomResourceOptions options)
    {
        // The autoscaler owns the number of pods: it is neither set here nor put back.
        options.IgnoreChanges.Add("spec.replicas");
        options.CustomTimeouts = RolloutTimeouts(service);
        return new(
            service.Name,
            new()
            {
                Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
                Spec = new DeploymentSpecArgs
                {
                    Selector = Labels.Select(service.Name),
                    Strategy = new DeploymentStrategyArgs
                    {
                        Type = "RollingUpdate",
                        RollingUpdate = new RollingUpdateDeploymentArgs { MaxSurge = service.Scale.MaxSurge, MaxUnavailable = 0 },
                    },
                    MinReadySeconds = service.Rollout(service.Scale.Minimum).MinReady.WholeSeconds(),
                    ProgressDeadlineSeconds = service.Timeline.RollingUpdate.Worst.WholeSeconds(),
                    RevisionHistoryLimit = 5,
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs
                        {
                            Labels = Labels.Of(service.Name, Tiers.Service),
                            Annotations = { [ContractHash.Annotation] = service.Hash },
                        },
                        Spec = ServicePod.Of(service, config, dependencies, readinessGate),
                    },
                },
            },
            options);
    }

    /// <summary>How long Pulumi waits: a rolling update of the most pods there may be, and the drain of the last of them.</summary>
    private static CustomTimeouts RolloutTimeouts(ServiceConfig service)
    {
        var rollout = ContractTimeline.Of(service.Contract, service.Rollout(service.Scale.Maximum)).RollingUpdate.Worst;
        var timeout = rollout + service.Contract.Drain.TerminationGrace;
        return new() { Create = timeout, Update = timeout, Delete = timeout };
    }
}
