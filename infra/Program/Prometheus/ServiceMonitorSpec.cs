using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Prometheus;

/// <summary>What a ServiceMonitor scrapes.</summary>
public sealed class ServiceMonitorSpecArgs : ResourceArgs
{
    private InputList<MonitorEndpointArgs>? _endpoints;

    /// <summary>The label of the Service that names the job.</summary>
    [Input("jobLabel")]
    public Input<string>? JobLabel { get; set; }

    /// <summary>The Services.</summary>
    [Input("selector", required: true)]
    public Input<LabelSelectorArgs> Selector { get; set; } = null!;

    /// <summary>The ports of each.</summary>
    [Input("endpoints", required: true)]
    public InputList<MonitorEndpointArgs> Endpoints
    {
        get => _endpoints ??= [];
        set => _endpoints = value;
    }
}

/// <summary>One port that is scraped.</summary>
public sealed class MonitorEndpointArgs : ResourceArgs
{
    /// <summary>The name of the Service's port.</summary>
    [Input("port", required: true)]
    public Input<string> Port { get; set; } = null!;

    /// <summary>The path.</summary>
    [Input("path")]
    public Input<string>? Path { get; set; }

    /// <summary>Time between two scrapes.</summary>
    [Input("interval")]
    public Input<string>? Interval { get; set; }

    /// <summary>How long a scrape waits.</summary>
    [Input("scrapeTimeout")]
    public Input<string>? ScrapeTimeout { get; set; }
}
