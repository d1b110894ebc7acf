using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace Candor.Program.Prometheus;

/// <summary>
/// A ServiceMonitor of the Prometheus operator: which Services are scraped, and how
/// (<see href="https://prometheus-operator.dev/docs/api-reference/api/">reference</see>).
/// </summary>
public sealed class ServiceMonitor(string name, ServiceMonitorArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="ServiceMonitor"/>.</summary>
public sealed class ServiceMonitorArgs() : CustomResourceArgs("monitoring.coreos.com/v1", "ServiceMonitor")
{
    /// <summary>What is scraped.</summary>
    [Input("spec", required: true)]
    public Input<ServiceMonitorSpecArgs> Spec { get; set; } = null!;
}

/// <summary>A Probe of the Prometheus operator: addresses that the blackbox exporter asks.</summary>
public sealed class Probe(string name, ProbeArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="Probe"/>.</summary>
public sealed class ProbeArgs() : CustomResourceArgs("monitoring.coreos.com/v1", "Probe")
{
    /// <summary>What is asked.</summary>
    [Input("spec", required: true)]
    public Input<ProbeSpecArgs> Spec { get; set; } = null!;
}

/// <summary>A PrometheusRule of the Prometheus operator: alerting rules.</summary>
public sealed class PrometheusRule(string name, PrometheusRuleArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="PrometheusRule"/>.</summary>
public sealed class PrometheusRuleArgs() : CustomResourceArgs("monitoring.coreos.com/v1", "PrometheusRule")
{
    /// <summary>The rules.</summary>
    [Input("spec", required: true)]
    public Input<PrometheusRuleSpecArgs> Spec { get; set; } = null!;
}
