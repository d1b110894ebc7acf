using Candor.Contract;
using Candor.Program.Common;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>
/// The pod of a dependency. It is probed at the pace of the main service's contract: there is one set of health numbers.
/// </summary>
internal static class StatefulPod
{
    /// <summary>Name of the container's port.</summary>
    public const string Port = "service";

    private const string Data = "data";

    public static PodSpecArgs Of(Recipe recipe, Dependency dependency, HealthContract contract, string passwordKey)
    {
        var container = new ContainerArgs
        {
            Name = dependency.Name,
            Image = recipe.Image,
            Ports = { new ContainerPortArgs { Name = Port, ContainerPortValue = dependency.DialledPort(), Protocol = "TCP" } },
            ReadinessProbe = Probes.With(recipe.Readiness(), contract.Readiness),
            LivenessProbe = Probes.With(recipe.Liveness(), contract.Liveness),
            StartupProbe = Probes.With(recipe.Readiness(), contract.Startup),
            Resources = new ResourceRequirementsArgs
            {
                Requests = { ["cpu"] = recipe.Cpu, ["memory"] = recipe.Memory },
                Limits = { ["memory"] = recipe.Memory },
            },
            SecurityContext = Restricted.Container(),
            VolumeMounts = { new VolumeMountArgs { Name = Data, MountPath = recipe.DataPath } },
        };
        foreach (var (name, number) in recipe.FurtherPorts)
        {
            container.Ports.Add(new ContainerPortArgs { Name = name, ContainerPortValue = number, Protocol = "TCP" });
        }

        foreach (var argument in recipe.Arguments)
        {
            container.Args.Add(argument);
        }

        foreach (var (name, value) in recipe.Environment)
        {
            container.Env.Add(new EnvVarArgs { Name = name, Value = value });
        }

        foreach (var name in recipe.PasswordVariables)
        {
            container.Env.Add(EnvVars.FromSecret(name, dependency.Name, passwordKey));
        }

        var spec = new PodSpecArgs
        {
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = Restricted.Pod(recipe.User),
            TerminationGracePeriodSeconds = contract.Drain.TerminationGrace.WholeSeconds(),
        };
        foreach (var (path, index) in recipe.ScratchPaths.Select((path, index) => (path, index)))
        {
            container.VolumeMounts.Add(new VolumeMountArgs { Name = $"scratch-{index}", MountPath = path });
            spec.Volumes.Add(new VolumeArgs { Name = $"scratch-{index}", EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "64Mi" } });
        }

        spec.Containers.Add(container);
        return spec;
    }

    public static PersistentVolumeClaimArgs Claim(Recipe recipe, string? storageClass)
    {
        var spec = new PersistentVolumeClaimSpecArgs
        {
            AccessModes = { "ReadWriteOnce" },
            Resources = new VolumeResourceRequirementsArgs { Requests = { ["storage"] = recipe.Storage } },
        };
        if (storageClass is not null)
        {
            spec.StorageClassName = storageClass;
        }

        return new() { Metadata = new ObjectMetaArgs { Name = Data }, Spec = spec };
    }
}
