using Candor.Contract;
using Candor.Program.Common;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>
/// The pod of a dependency. Its probes are its own: a change of a service's contract must never restart a database.
/// </summary>
internal static class StatefulPod
{
    /// <summary>Name of the container's port.</summary>
    public const string Port = "service";

    private const string Data = "data";
    private const string Secrets = "secrets";

    /// <summary>Time for a checkpoint and the end of all sessions after SIGTERM.</summary>
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(60);

    private static readonly ProbeSettings Readiness = new()
    {
        InitialDelay = TimeSpan.FromSeconds(5),
        Period = TimeSpan.FromSeconds(10),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 3,
    };

    /// <summary>A minute of silence: a restart costs everybody more than a slow answer.</summary>
    private static readonly ProbeSettings Liveness = new()
    {
        InitialDelay = TimeSpan.FromSeconds(15),
        Period = TimeSpan.FromSeconds(20),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 3,
    };

    /// <summary>Five minutes, for a recovery after a crash reads the whole log.</summary>
    private static readonly ProbeSettings Startup = new()
    {
        Period = TimeSpan.FromSeconds(5),
        Timeout = TimeSpan.FromSeconds(3),
        FailureThreshold = 60,
    };

    public static PodSpecArgs Of(Recipe recipe, Dependency dependency, string passwordKey)
    {
        var container = new ContainerArgs
        {
            Name = dependency.Name,
            Image = recipe.Image,
            Ports = { new ContainerPortArgs { Name = Port, ContainerPortValue = dependency.DialledPort(), Protocol = "TCP" } },
            ReadinessProbe = Probes.With(recipe.Readiness(), Readiness),
            LivenessProbe = Probes.With(recipe.Liveness(), Liveness),
            StartupProbe = Probes.With(recipe.Readiness(), Startup),
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
            TerminationGracePeriodSeconds = TerminationGrace.WholeSeconds(),
        };
        foreach (var (path, index) in recipe.ScratchPaths.Select((path, index) => (path, index)))
        {
            container.VolumeMounts.Add(new VolumeMountArgs { Name = $"scratch-{index}", MountPath = path });
            spec.Volumes.Add(new VolumeArgs { Name = $"scratch-{index}", EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "64Mi" } });
        }

        if (recipe.SecretFile is { } file)
        {
            container.VolumeMounts.Add(new VolumeMountArgs { Name = Secrets, MountPath = file.Folder, ReadOnly = true });
            spec.Volumes.Add(new VolumeArgs
            {
                Name = Secrets,
                Secret = new SecretVolumeSourceArgs
                {
                    SecretName = dependency.Name,
                    // Readable by the group of the program, fsGroup, and nobody else.
                    DefaultMode = 288,
                    Items = { new KeyToPathArgs { Key = file.Name, Path = file.Name } },
                },
            });
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
