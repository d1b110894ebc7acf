using Pulumi;

namespace Candor.Program.Prometheus;

/// <summary>What the blackbox exporter asks.</summary>
public sealed class ProbeSpecArgs : ResourceArgs
{
    /// <summary>The job of the samples.</summary>
    [Input("jobName")]
    public Input<string>? JobName { get; set; }

    /// <summary>The exporter's module.</summary>
    [Input("module")]
    public Input<string>? Module { get; set; }

    /// <summary>Time between two questions.</summary>
    [Input("interval")]
    public Input<string>? Interval { get; set; }

    /// <summary>How long the answer may take.</summary>
    [Input("scrapeTimeout")]
    public Input<string>? ScrapeTimeout { get; set; }

    /// <summary>The exporter.</summary>
    [Input("prober", required: true)]
    public Input<ProberArgs> Prober { get; set; } = null!;

    /// <summary>The addresses.</summary>
    [Input("targets", required: true)]
    public Input<ProbeTargetsArgs> Targets { get; set; } = null!;
}

/// <summary>The blackbox exporter.</summary>
public sealed class ProberArgs : ResourceArgs
{
    /// <summary>Host and port.</summary>
    [Input("url", required: true)]
    public Input<string> Url { get; set; } = null!;
}

/// <summary>The addresses.</summary>
public sealed class ProbeTargetsArgs : ResourceArgs
{
    /// <summary>Fixed ones.</summary>
    [Input("staticConfig")]
    public Input<StaticTargetsArgs>? StaticConfig { get; set; }
}

/// <summary>Fixed addresses.</summary>
public sealed class StaticTargetsArgs : ResourceArgs
{
    private InputList<string>? _addresses;

    /// <summary>URLs.</summary>
    [Input("static")]
    public InputList<string> Addresses
    {
        get => _addresses ??= [];
        set => _addresses = value;
    }
}
