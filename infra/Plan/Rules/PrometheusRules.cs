using Candor.Contract;
using Candor.Contract.Metrics;

namespace Candor.Planning.Rules;

/// <summary>AL004: whether alerting rules ask for what the app exposes.</summary>
internal static class PrometheusRules
{
    /// <summary>Labels that Prometheus or its operator puts on every sample.</summary>
    private static readonly HashSet<string> TargetLabels = new(StringComparer.Ordinal)
    {
        "job", "instance", "namespace", "pod", "container", "service", "endpoint", "cluster", "node", "prometheus", "prometheus_replica", "__name__", "alertname", "severity", "target",
    };

    /// <summary>What well-known exporters' metrics begin with; nothing is known of what they expose.</summary>
    private static readonly string[] Exporters =
    [
        "kube_", "kubelet_", "container_", "node_", "probe_", "scrape_", "up", "ALERTS", "aws_", "process_", "dotnet_", "haproxy_", "nginx_", "go_", "prometheus_", "alertmanager_",
        "apiserver_", "coredns_", "pg_", "redis_", "rabbitmq_", "istio_", "envoy_", "traefik_", "loadbalancing_", "stackdriver_", "time",
    ];

    private static readonly IReadOnlyDictionary<string, Metric> Exposed = MetricNames.All.ToDictionary(metric => metric.Name, StringComparer.Ordinal);

    internal static void Check(LintScope scope, FindingList findings)
    {
        var recorded = RulesOf(scope).Select(entry => entry.Rule["record"].Text).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var knowsApp = scope.Plan.Contract is not null || scope.Workloads.All.Any(workload => workload.Contract is not null);
        foreach (var (resource, path, rule) in RulesOf(scope))
        {
            if (rule["alert"].Exists)
            {
                Expect(resource, $"{path}.for", rule["for"], "how long it must last, such as \"2m\"", findings);
                Expect(resource, $"{path}.labels.severity", rule["labels"]["severity"], "a severity, such as \"critical\"", findings);
                Expect(resource, $"{path}.annotations.runbook_url", rule["annotations"]["runbook_url"], "a link to what to do", findings);
            }

            if (knowsApp && rule["expr"].Known() is { Length: <= 20_000 } expression)
            {
                CheckExpression(resource, $"{path}.expr", PromQl.Read(expression), recorded, findings);
            }
        }
    }

    private static IEnumerable<(PlanResource Resource, string Path, PlanValue Rule)> RulesOf(LintScope scope) =>
        scope.OfType(ResourceTypes.PrometheusRule).SelectMany(resource => resource.Inputs["spec"]["groups"].Items
            .SelectMany((group, i) => group["rules"].Items.Select((rule, j) => (resource, $"spec.groups[{i}].rules[{j}]", rule))));

    private static void Expect(PlanResource resource, string path, PlanValue value, string expected, FindingList findings)
    {
        if (!value.IsUnknown() && string.IsNullOrWhiteSpace(value.Text))
        {
            findings.Add(Alarms.Prometheus, resource, path, value.Shown(), expected, severity: findings.HasContract ? null : Severity.Note);
        }
    }

    private static void CheckExpression(PlanResource resource, string path, PromQl expression, HashSet<string> recorded, FindingList findings)
    {
        foreach (var selector in expression.Selectors)
        {
            if (Exposed.TryGetValue(selector.Metric, out var metric))
            {
                foreach (var label in selector.Labels.Where(label => !TargetLabels.Contains(label) && !metric.Labels.Contains(label)))
                {
                    findings.Add(Alarms.Prometheus, resource, path, $"about the label \"{label}\" of {metric.Name}", Labels(metric));
                }
            }
            else if (!recorded.Contains(selector.Metric) && !Exporters.Any(prefix => selector.Metric.StartsWith(prefix, StringComparison.Ordinal)))
            {
                findings.Add(Alarms.Prometheus, resource, path, $"about \"{selector.Metric}\"",
                    NearestName.Of(selector.Metric, Exposed.Keys) is { } nearest ? $"a metric that the app exposes; the nearest is \"{nearest}\"" : "a metric that the app exposes");
            }
        }

        // What a grouping may name is known only where every metric is the app's own.
        if (expression.Selectors.Count > 0 && expression.Selectors.All(selector => Exposed.ContainsKey(selector.Metric)))
        {
            var known = expression.Selectors.SelectMany(selector => Exposed[selector.Metric].Labels).Concat(TargetLabels).ToHashSet(StringComparer.Ordinal);
            foreach (var label in expression.Groupings.Where(label => !known.Contains(label)).Distinct())
            {
                findings.Add(Alarms.Prometheus, resource, path, $"grouped by \"{label}\"", "a label that one of its metrics has");
            }
        }
    }

    private static string Labels(Metric metric) =>
        metric.Labels.Count == 0 ? "no label; it has none of its own" : $"one of its labels: {string.Join(", ", metric.Labels)}";
}
