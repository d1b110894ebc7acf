using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Workload;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Prometheus;

/// <summary>How Prometheus sees one service: the scrape of its management port, a probe through the balancer, and its alerts.</summary>
public sealed class ServiceMonitoring : StackComponent
{
    private const string RoleLabel = "candor.dev/role";
    private const string Role = "management";
    private const string ScrapeInterval = "15s";

    private readonly ServiceConfig _service;
    private readonly StackConfig _config;
    private readonly WorkloadSpace _space;
    private readonly Scope _scope;

    /// <summary>Makes the monitoring of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="config">The stack.</param>
    /// <param name="space">The namespace.</param>
    /// <param name="address">Where users reach the service, or null when its health path does not lead to it from outside.</param>
    public ServiceMonitoring(ServiceConfig service, StackConfig config, WorkloadSpace space, Input<string>? address)
        : base("prometheus:Service", $"{service?.Name ?? throw new ArgumentNullException(nameof(service))}-monitoring", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(space);
        (_service, _config, _space, _scope) = (service, config, space, space.ScopeOf(this));
        Scrape();
        if (address is not null)
        {
            AskFromOutside(address);
        }

        _ = new PrometheusRule(
            service.Name, new() { Metadata = Selected(service.Name), Spec = Alerts.Of(service, config) }, _scope.Options());
        RegisterOutputs();
    }

    private void Scrape()
    {
        // A Service of its own: the one behind the balancer has no management port, so the balancer cannot lead there.
        var name = $"{_service.Name}-management";
        var metadata = Labels.Meta(name, _space.Name, _service.Name, Tiers.Service);
        metadata.Labels[RoleLabel] = Role;
        metadata.Annotations = SkipAwait.Annotation;
        var service = new Service(
            name,
            new()
            {
                Metadata = metadata,
                Spec = new ServiceSpecArgs
                {
                    Type = ServiceSpecType.ClusterIP,
                    ClusterIP = "None",
                    // A pod that is not ready is the one to look at.
                    PublishNotReadyAddresses = true,
                    Selector = Labels.Selector(_service.Name),
                    Ports =
                    {
                        new ServicePortArgs
                        {
                            Name = PortNames.Management,
                            Port = _service.Contract.ManagementPort,
                            TargetPort = PortNames.Management,
                            Protocol = "TCP",
                        },
                    },
                },
            },
            _scope.Options());
        _ = new ServiceMonitor(
            _service.Name,
            new()
            {
                Metadata = Selected(_service.Name),
                Spec = new ServiceMonitorSpecArgs
                {
                    JobLabel = Labels.Name,
                    Selector = new LabelSelectorArgs { MatchLabels = { [Labels.Name] = _service.Name, [RoleLabel] = Role } },
                    Endpoints =
                    {
                        new MonitorEndpointArgs
                        {
                            Port = PortNames.Management,
                            Path = "/metrics",
                            Interval = ScrapeInterval,
                            ScrapeTimeout = DurationText.Format(_service.Contract.Balancer.Timeout),
                        },
                    },
                },
            },
            _scope.Options(service));
    }

    private void AskFromOutside(Input<string> address) => _ = new Probe(
        _service.Name,
        new()
        {
            Metadata = Selected(_service.Name),
            Spec = new ProbeSpecArgs
            {
                JobName = $"{_service.Name}-outside",
                Module = "http_2xx",
                Interval = DurationText.Format(_service.Contract.Balancer.Interval),
                ScrapeTimeout = DurationText.Format(_service.Contract.Balancer.Timeout),
                Prober = new ProberArgs { Url = _config.Watching.BlackboxProber },
                Targets = new ProbeTargetsArgs
                {
                    StaticConfig = new StaticTargetsArgs
                    {
                        Addresses = { address.ToOutput().Apply(url => url.TrimEnd('/') + _service.Contract.Paths.Readiness) },
                    },
                },
            },
        },
        _scope.Options());

    /// <summary>Metadata with the labels by which Prometheus selects.</summary>
    private ObjectMetaArgs Selected(string name)
    {
        var metadata = Labels.Meta(name, _space.Name, _service.Name, Tiers.Service);
        foreach (var (key, value) in _config.Watching.PrometheusLabels)
        {
            metadata.Labels[key] = value;
        }

        return metadata;
    }
}
