using System.Collections.Immutable;
using System.Globalization;

namespace Candor.Program.Config;

/// <summary>Who is notified, and at which limits.</summary>
public sealed record WatchingConfig
{
    /// <summary>Existing SNS topic of every alarm, or null to make one.</summary>
    public string? AlarmTopicArn { get; init; }

    /// <summary>Existing SNS topic that pages, or null to make one.</summary>
    public string? PageTopicArn { get; init; }

    /// <summary>Address subscribed to the paging topic that is made, or null.</summary>
    public string? PageEmail { get; init; }

    /// <summary>Share of requests that must not fail, in percent; 90–99.999.</summary>
    public required decimal AvailabilityTarget { get; init; }

    /// <summary>What the 99th percentile of the latency may be.</summary>
    public required TimeSpan LatencyLimit { get; init; }

    /// <summary>Whether the Prometheus resources are deployed.</summary>
    public required bool Prometheus { get; init; }

    /// <summary>Namespace of Prometheus.</summary>
    public required string MonitoringNamespace { get; init; }

    /// <summary>Labels by which Prometheus selects monitors and rules.</summary>
    public required ImmutableSortedDictionary<string, string> PrometheusLabels { get; init; }

    /// <summary>Host and port of the blackbox exporter.</summary>
    public required string BlackboxProber { get; init; }

    /// <summary>Address under which the runbooks are.</summary>
    public required string RunbookUrl { get; init; }

    /// <summary>Share of requests that may fail, as a number between 0 and 1.</summary>
    public decimal ErrorBudget => 1 - (AvailabilityTarget / 100);

    internal static WatchingConfig Read(ConfigReader reader) => new()
    {
        AlarmTopicArn = reader.Optional("alarmTopicArn"),
        PageTopicArn = reader.Optional("pageTopicArn"),
        PageEmail = reader.Optional("pageEmail"),
        AvailabilityTarget = decimal.TryParse(
            reader.Text("availabilityTarget"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var target)
            ? target
            : 99.9m,
        LatencyLimit = TimeSpan.FromMilliseconds(reader.Integer("latencyLimit")),
        Prometheus = reader.Boolean("prometheus"),
        MonitoringNamespace = reader.Text("monitoringNamespace"),
        PrometheusLabels = reader.Map("prometheusLabels"),
        BlackboxProber = reader.Text("blackboxProber"),
        RunbookUrl = reader.Text("runbookUrl").TrimEnd('/'),
    };
}
