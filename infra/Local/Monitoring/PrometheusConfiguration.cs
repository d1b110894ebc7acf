using System.Net;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>Renders configurations of Prometheus, its blackbox exporter and Alertmanager, as JSON, which is YAML too.</summary>
internal static class PrometheusConfiguration
{
    /// <summary>Prometheus' own; the targets of a scrape come from <paramref name="targetFile"/>.</summary>
    public static JsonObject Prometheus(
        MonitoringSpec spec,
        double speed,
        string rulesFile,
        Func<ScrapeSpec, string> targetFile,
        MonitoringAddresses addresses,
        Uri balancer) => new()
        {
            ["global"] = new JsonObject
            {
                ["scrape_interval"] = AlertingRules.Scaled("15s", speed),
                ["evaluation_interval"] = AlertingRules.Scaled("15s", speed),
            },
            ["rule_files"] = new JsonArray(rulesFile),
            ["alerting"] = new JsonObject
            {
                ["alertmanagers"] = new JsonArray(
                    new JsonObject { ["static_configs"] = new JsonArray(Static($"{addresses.Alertmanager}")) }),
            },
            ["scrape_configs"] = new JsonArray(
        [
            .. spec.Scrapes.Select(scrape => (JsonNode)new JsonObject
            {
                ["job_name"] = $"{scrape.Namespace}/{scrape.Service}/{scrape.Port}",
                ["metrics_path"] = scrape.Path,
                ["scrape_interval"] = AlertingRules.Scaled(scrape.Interval, speed),
                ["scrape_timeout"] = AlertingRules.Scaled(scrape.Timeout, speed),
                ["file_sd_configs"] = new JsonArray(new JsonObject { ["files"] = new JsonArray(targetFile(scrape)) }),
            }),
            .. spec.Probes.Select(probe => Probe(probe, speed, addresses, balancer)),
        ]),
        };

    /// <summary>The exporter's modules that the probes name; each asks by HTTP and wants 2xx.</summary>
    public static JsonObject Blackbox(MonitoringSpec spec) => new()
    {
        ["modules"] = new JsonObject(spec.Probes.Select(probe => probe.Module).Append("http_2xx").Distinct().Select(module =>
            KeyValuePair.Create(
                module,
                (JsonNode?)new JsonObject { ["prober"] = "http", ["http"] = new JsonObject { ["preferred_ip_protocol"] = "ip4" } }))),
    };

    /// <summary>Alerts are shown on its page and not sent anywhere.</summary>
    public static JsonObject Alertmanager() => new()
    {
        ["route"] = new JsonObject { ["receiver"] = "nobody" },
        ["receivers"] = new JsonArray(new JsonObject { ["name"] = "nobody" }),
    };

    /// <summary>The targets of one scrape, with the labels that the Prometheus operator gives them.</summary>
    public static JsonArray Targets(ScrapeSpec scrape, IEnumerable<(string Pod, IPEndPoint Endpoint)> pods) =>
    [
        .. pods.Select(pod => (JsonNode)new JsonObject
        {
            ["targets"] = new JsonArray($"{pod.Endpoint}"),
            ["labels"] = new JsonObject
            {
                ["job"] = scrape.Job,
                ["namespace"] = scrape.Namespace,
                ["service"] = scrape.Service,
                ["endpoint"] = scrape.Port,
                ["pod"] = pod.Pod,
            },
        }),
    ];

    private static JsonObject Probe(OutsideProbeSpec probe, double speed, MonitoringAddresses addresses, Uri balancer) => new()
    {
        ["job_name"] = probe.Job,
        ["metrics_path"] = "/probe",
        ["scrape_interval"] = AlertingRules.Scaled(probe.Interval, speed),
        ["scrape_timeout"] = AlertingRules.Scaled(probe.Timeout, speed),
        ["params"] = new JsonObject { ["module"] = new JsonArray(probe.Module) },
        ["static_configs"] = new JsonArray(Static([.. probe.Targets.Select(target => Here(target, balancer))])),
        ["relabel_configs"] = new JsonArray(
            new JsonObject { ["source_labels"] = new JsonArray("__address__"), ["target_label"] = "__param_target" },
            new JsonObject { ["source_labels"] = new JsonArray("__param_target"), ["target_label"] = "instance" },
            new JsonObject { ["target_label"] = "__address__", ["replacement"] = $"{addresses.Blackbox}" }),
    };

    /// <summary>The Plan names the cloud's balancer; here it is the local one.</summary>
    private static string Here(string target, Uri balancer) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) ? new Uri(balancer, uri.PathAndQuery).ToString() : balancer.ToString();

    private static JsonObject Static(params string[] targets) =>
        new() { ["targets"] = new JsonArray([.. targets.Select(target => (JsonNode)target)]) };
}

/// <summary>Where the parts of the monitoring listen.</summary>
internal sealed record MonitoringAddresses(IPEndPoint Prometheus, IPEndPoint Blackbox, IPEndPoint Alertmanager);
