using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Deployment = Pulumi.Kubernetes.Apps.V1.Deployment;

namespace Candor.Program.Workload;

/// <summary>One service: its identity, settings and secrets, the Deployment and everything that keeps it available.</summary>
public sealed class ServiceWorkload : StackComponent
{
    /// <summary>Makes the service.</summary>
    public ServiceWorkload(
        ServiceConfig service, StackConfig config, WorkloadSpace space, IDependencySource dependencies, IBalancerAttachment balancer)
        : base("workload:Service", service?.Name ?? throw new ArgumentNullException(nameof(service)), null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(dependencies);
        ArgumentNullException.ThrowIfNull(balancer);
        var scope = space.ScopeOf(this);
        var account = new ServiceAccount(
            service.Name,
            new() { Metadata = Meta(service, space), AutomountServiceAccountToken = false },
            scope.Options());
        var settings = Settings.Make(service, config, dependencies, space, scope);
        var secret = Connections.Make(service, config, dependencies, space, scope);
        Service = new Service(service.Name, ServiceOf(service, space, balancer), scope.Options());
        FurtherPorts(service, space, scope);
        var attachment = balancer.Attach(service, Service, scope);
        var policy = ServicePolicy.Make(service, config, space, dependencies, balancer, scope);
        Resource[] before = [account, settings, secret, policy, .. attachment, .. dependencies.Resources];
        Deployment = RollingDeployment.Make(service, config, space, dependencies, balancer.ReadinessGate(service), scope.Options(before));
        _ = Availability.Budget(service, space, scope);
        _ = Availability.Autoscaler(service, space, scope, Deployment);
        RegisterOutputs();
    }

    /// <summary>The Service that the balancer and other pods use; it has the traffic port only.</summary>
    public Service Service { get; }

    /// <summary>The Deployment.</summary>
    public Deployment Deployment { get; }

    private static Pulumi.Kubernetes.Types.Inputs.Meta.V1.ObjectMetaArgs Meta(ServiceConfig service, WorkloadSpace space) =>
        Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service);

    private static ServiceArgs ServiceOf(ServiceConfig service, WorkloadSpace space, IBalancerAttachment balancer)
    {
        var metadata = Meta(service, space);
        // The Deployment waits for what attaches this Service; waiting for its endpoints here would wait for ever.
        var annotations = SkipAwait.Annotation;
        foreach (var (key, value) in balancer.ServiceAnnotations(service))
        {
            annotations[key] = value;
        }

        metadata.Annotations = annotations;
        return new()
        {
            Metadata = metadata,
            Spec = new ServiceSpecArgs
            {
                Type = ServiceSpecType.ClusterIP,
                Selector = Labels.Selector(service.Name),
                Ports =
                {
                    new ServicePortArgs
                    {
                        Name = PortNames.Http,
                        Port = service.Contract.Port,
                        TargetPort = PortNames.Http,
                        Protocol = "TCP",
                    },
                },
            },
        };
    }

    // For other pods of the namespace; the balancer's Service has the traffic port only.
    private static void FurtherPorts(ServiceConfig service, WorkloadSpace space, Scope scope)
    {
        if (service.Container.Ports.IsEmpty)
        {
            return;
        }

        var metadata = Labels.Meta($"{service.Name}-internal", space.Name, service.Name, Tiers.Service);
        metadata.Annotations = SkipAwait.Annotation;
        var spec = new ServiceSpecArgs { Type = ServiceSpecType.ClusterIP, Selector = Labels.Selector(service.Name) };
        foreach (var (name, port) in service.Container.Ports)
        {
            spec.Ports.Add(new ServicePortArgs { Name = name, Port = port, TargetPort = name, Protocol = "TCP" });
        }

        _ = new Service($"{service.Name}-internal", new ServiceArgs { Metadata = metadata, Spec = spec }, scope.Options());
    }
}
