using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Candor.Program.SecurityGroups;
using Candor.Program.Workload;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.OtherBalancers;

/// <summary>Google Kubernetes Engine's Ingress: a BackendConfig carries the contract's health check and drain of each service.</summary>
internal sealed class GkeEdge(StackConfig config, WorkloadSpace space) : IPublicEdge, IBalancerAttachment
{
    private const string Component = "ingress";

    /// <summary>
    /// Where Google's balancers and health checks come from (<see href="https://cloud.google.com/load-balancing/docs/firewall-rules"/>).
    /// </summary>
    private static readonly string[] GoogleRanges = ["35.191.0.0/16", "130.211.0.0/22"];

    public IBalancerAttachment Attachment => this;

    public Output<string> Url => IngressUrl.Of(config);

    public Output<string> TargetGroupArn => Output.Create(string.Empty);

    public StackSecurityGroups? Groups => null;

    public IReadOnlyList<NetworkPolicyPeerArgs> Peers() => AddressPeers.Of(GoogleRanges);

    public IReadOnlyDictionary<string, string> ServiceAnnotations(ServiceConfig service) => new Dictionary<string, string>
    {
        // Container-native: Google probes and reaches the pods themselves, and adds a readiness gate of its own to them.
        ["cloud.google.com/neg"] = """{"ingress":true}""",
        ["cloud.google.com/backend-config"] = $$"""{"default":"{{service.Name}}"}""",
    };

    public string? ReadinessGate(ServiceConfig service) => null;

    public IReadOnlyList<Resource> Attach(ServiceConfig service, Service target, Scope scope) =>
    [
        new BackendConfig(
            service.Name,
            new()
            {
                Metadata = Labels.Meta(service.Name, space.Name, service.Name, Tiers.Service),
                Spec = BackendConfigSpecArgs.Of(service.Contract),
            },
            scope.Options(target)),
    ];

    public void Complete(IReadOnlyList<ServiceWorkload> workloads)
    {
        var annotations = new InputMap<string>
        {
            ["kubernetes.io/ingress.class"] = config.Edge.Internal ? "gce-internal" : "gce",
            ["kubernetes.io/ingress.allow-http"] = "true",
        };
        var component = new IngressComponent(config, workloads, annotations, className: null, space);
        if (config.Edge.TlsSecret is not null && !config.Edge.Internal)
        {
            annotations["networking.gke.io/v1beta1.FrontendConfig"] = Component;
            component.Before(new FrontendConfig(
                Component,
                new()
                {
                    Metadata = Labels.Meta(Component, space.Name, Component, Tiers.Service),
                    Spec = new FrontendConfigSpecArgs { RedirectToHttps = new RedirectToHttpsArgs { Enabled = true } },
                },
                component.Scope.Options()));
        }

        component.Make();
    }
}
