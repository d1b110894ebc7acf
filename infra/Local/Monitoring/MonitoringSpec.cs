using Candor.Planning;

namespace Candor.Local;

/// <summary>What the Plan's ServiceMonitors, Probes and PrometheusRules ask of Prometheus.</summary>
/// <param name="Scrapes">Ports of Services to scrape.</param>
/// <param name="Probes">Addresses to ask from outside.</param>
/// <param name="RuleGroups">Groups of rules, as the Plan has them.</param>
internal sealed record MonitoringSpec(
    IReadOnlyList<ScrapeSpec> Scrapes, IReadOnlyList<OutsideProbeSpec> Probes, IReadOnlyList<PlanValue> RuleGroups)
{
    /// <summary>Reads a Plan.</summary>
    public static MonitoringSpec Read(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(
            [.. plan.Index.OfType(ResourceTypes.ServiceMonitor).SelectMany(monitor => ScrapesOf(plan, monitor))],
            [.. plan.Index.OfType(ResourceTypes.Probe).Select(Probe)],
            [.. plan.Index.OfType(ResourceTypes.PrometheusRule).SelectMany(rule => rule.Inputs["spec"]["groups"].Items)]);
    }

    private static IEnumerable<ScrapeSpec> ScrapesOf(Plan plan, PlanResource monitor)
    {
        var spec = monitor.Inputs["spec"];
        foreach (var service in plan.Index.OfType(ResourceTypes.Service).Where(s =>
            s.KubernetesNamespace == monitor.KubernetesNamespace
                && LabelSelector.Matches(spec["selector"], s.Inputs["metadata"]["labels"])))
        {
            foreach (var endpoint in spec["endpoints"].Items)
            {
                yield return new(
                    spec["jobLabel"].Text is { } label
                        ? service.Inputs["metadata"]["labels"][label].Text ?? service.KubernetesName
                        : service.KubernetesName,
                    service.KubernetesNamespace,
                    service.KubernetesName,
                    endpoint["port"].PortText(),
                    endpoint["path"].Text ?? "/metrics",
                    endpoint["interval"].Text ?? "30s",
                    endpoint["scrapeTimeout"].Text ?? "10s");
            }
        }
    }

    private static OutsideProbeSpec Probe(PlanResource probe)
    {
        var spec = probe.Inputs["spec"];
        return new(
            spec["jobName"].Text ?? probe.KubernetesName,
            spec["module"].Text ?? "http_2xx",
            spec["interval"].Text ?? "30s",
            spec["scrapeTimeout"].Text ?? "10s",
            spec["targets"]["staticConfig"]["static"].TextItems());
    }
}

/// <summary>One port of a Service that is scraped.</summary>
internal sealed record ScrapeSpec(string Job, string Namespace, string Service, string Port, string Path, string Interval, string Timeout);

/// <summary>Addresses that the blackbox exporter asks.</summary>
internal sealed record OutsideProbeSpec(string Job, string Module, string Interval, string Timeout, IReadOnlyList<string> Targets);
