using System.Globalization;
using System.Text;
using Candor.Contract.Metrics;

namespace Candor.Health.Management;

/// <summary>
/// Prometheus' text exposition, format 0.0.4, of <see cref="MetricNames.All"/>. Ours, for a page of text needs no exporter
/// (docs/decisions/0103-metrics-text.md).
/// </summary>
internal sealed class MetricsWriter(MetricSamples samples)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public string Write()
    {
        var text = new StringBuilder(4096);
        foreach (var metric in MetricNames.All)
        {
            text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Help).Append('\n');
            text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(metric.Type == MetricType.Counter ? "counter" : "gauge").Append('\n');
            foreach (var (labels, value) in samples.Of(metric))
            {
                Append(text, metric, labels, value);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Metric metric, IReadOnlyList<string> labels, double value)
    {
        if (labels.Count != metric.Labels.Count)
        {
            throw new InvalidOperationException($"{metric.Name} has {metric.Labels.Count} labels in the list of metrics, and {labels.Count} here.");
        }

        text.Append(metric.Name);
        for (var index = 0; index < labels.Count; index++)
        {
            text.Append(index == 0 ? '{' : ',').Append(metric.Labels[index]).Append("=\"").Append(Escape(labels[index])).Append('"');
        }

        text.Append(labels.Count > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
