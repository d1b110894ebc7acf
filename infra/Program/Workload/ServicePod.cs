using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Workload;

/// <summary>The pod of a service.</summary>
internal static class ServicePod
{
    /// <summary>The user of the official .NET images.</summary>
    private const int User = 1654;

    private const string Temporary = "tmp";
    private const string CertificatesVolume = "certificates";

    public static PodSpecArgs Of(ServiceConfig service, StackConfig config, IDependencySource dependencies, string? readinessGate)
    {
        var spec = new PodSpecArgs
        {
            ServiceAccountName = service.Name,
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = Restricted.Pod(User),
            TerminationGracePeriodSeconds = service.Contract.Drain.TerminationGrace.WholeSeconds(),
            TopologySpreadConstraints =
            {
                // A development cluster may have nodes without a zone, on which nothing could be placed.
                Spread("topology.kubernetes.io/zone", config.IsProduction ? "DoNotSchedule" : "ScheduleAnyway", service.Name),
                // Better two pods on one node than one that cannot be placed.
                Spread("kubernetes.io/hostname", "ScheduleAnyway", service.Name),
            },
            Containers = { Container(service, config, [.. Certificates.Of(service, dependencies).Select(one => one.Dependency)]) },
            Volumes = { new VolumeArgs { Name = Temporary, EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "64Mi" } } },
        };
        foreach (var (name, size) in Scratch(service).Select(one => (one.Name, one.Size)))
        {
            spec.Volumes.Add(new VolumeArgs { Name = name, EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = size } });
        }

        var certificates = Certificates.Of(service, dependencies).Select(one => Certificates.Key(one.Dependency)).ToArray();
        if (certificates.Length > 0)
        {
            spec.Volumes.Add(new VolumeArgs
            {
                Name = CertificatesVolume,
                ConfigMap = new ConfigMapVolumeSourceArgs
                {
                    Name = service.Name,
                    Items = certificates.Select(key => new KeyToPathArgs { Key = key, Path = key }).ToArray(),
                },
            });
        }

        if (readinessGate is not null)
        {
            spec.ReadinessGates.Add(new PodReadinessGateArgs { ConditionType = readinessGate });
        }

        return spec;
    }

    private static ContainerArgs Container(ServiceConfig service, StackConfig config, IReadOnlyList<Dependency> certified)
    {
        var contract = service.Contract;
        var container = new ContainerArgs
        {
            Name = service.Name,
            Image = service.Image,
            ImagePullPolicy = "IfNotPresent",
            Ports =
            {
                new ContainerPortArgs { Name = PortNames.Http, ContainerPortValue = contract.Port, Protocol = "TCP" },
                new ContainerPortArgs { Name = PortNames.Management, ContainerPortValue = contract.ManagementPort, Protocol = "TCP" },
            },
            Env =
            {
                EnvVars.FromConfigMap(ContractEnvironment.ContractVariable, service.Name, Settings.ContractKey),
                new EnvVarArgs { Name = "ASPNETCORE_ENVIRONMENT", Value = "Production" },
            },
            StartupProbe = Probes.Http(contract.Paths.Startup, PortNames.Http, contract.Startup),
            LivenessProbe = Probes.Http(contract.Paths.Liveness, PortNames.Http, contract.Liveness),
            ReadinessProbe = Probes.Http(contract.Routing.KubernetesPath(contract.Paths.Readiness), PortNames.Http, contract.Readiness),
            Resources = new ResourceRequirementsArgs
            {
                Requests = { ["cpu"] = service.Resources.CpuRequest, ["memory"] = service.Resources.MemoryRequest },
                Limits = { ["memory"] = service.Resources.MemoryLimit },
            },
            SecurityContext = Restricted.Container(),
            VolumeMounts = { new VolumeMountArgs { Name = Temporary, MountPath = "/tmp" } },
        };
        foreach (var dependency in Connections.Secret(service))
        {
            container.Env.Add(EnvVars.FromSecret(Connections.Variable(dependency), service.Name, Connections.Variable(dependency)));
        }

        foreach (var dependency in Settings.Http(service))
        {
            container.Env.Add(EnvVars.FromConfigMap(Connections.Variable(dependency), service.Name, Connections.Variable(dependency)));
        }

        if (config.ManagementToken is not null)
        {
            container.Env.Add(EnvVars.FromSecret(Connections.ManagementToken, service.Name, Connections.ManagementToken));
        }

        OfTheServicesOwn(service, container);
        if (certified.Count > 0)
        {
            container.VolumeMounts.Add(new VolumeMountArgs { Name = CertificatesVolume, MountPath = Certificates.Folder, ReadOnly = true });
        }

        // The API server refuses a sleep of zero seconds in the versions before 1.32, and it would mean nothing.
        if (contract.Drain.PreStop > TimeSpan.Zero)
        {
            container.Lifecycle = new LifecycleArgs
            {
                PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = contract.Drain.PreStop.WholeSeconds() } },
            };
        }

        return container;
    }

    private static void OfTheServicesOwn(ServiceConfig service, ContainerArgs container)
    {
        foreach (var (name, value) in service.Container.Environment)
        {
            container.Env.Add(new EnvVarArgs { Name = name, Value = value });
        }

        foreach (var name in service.Container.SecretEnvironment.Keys)
        {
            container.Env.Add(EnvVars.FromSecret(name, service.Name, name));
        }

        foreach (var argument in service.Container.Arguments)
        {
            container.Args.Add(argument);
        }

        foreach (var (name, port) in service.Container.Ports)
        {
            container.Ports.Add(new ContainerPortArgs { Name = name, ContainerPortValue = port, Protocol = "TCP" });
        }

        foreach (var (name, path, _) in Scratch(service))
        {
            container.VolumeMounts.Add(new VolumeMountArgs { Name = name, MountPath = path });
        }
    }

    private static IEnumerable<(string Name, string Path, string Size)> Scratch(ServiceConfig service) =>
        service.Container.Volumes.Select((volume, index) => ($"scratch-{index}", volume.Key, volume.Value));

    private static TopologySpreadConstraintArgs Spread(string key, string otherwise, string name) => new()
    {
        TopologyKey = key,
        MaxSkew = 1,
        WhenUnsatisfiable = otherwise,
        LabelSelector = Labels.Select(name),
        MatchLabelKeys = { "pod-template-hash" },
    };
}
