using System.Diagnostics.Metrics;
using Candor.Contract.Metrics;

namespace Candor.Health.Management;

/// <summary>
/// Every metric of the list as an instrument of one meter, so that any exporter (OpenTelemetry, <c>dotnet-counters</c>) has what the management port's text shows: both read
/// <see cref="MetricSamples"/>.
/// </summary>
internal sealed class HealthMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Candor.Health";

    public HealthMeter(IMeterFactory meters, MetricSamples samples)
    {
        var meter = meters.Create(Name);
        foreach (var metric in MetricNames.All)
        {
            if (metric.Type == MetricType.Counter)
            {
                meter.CreateObservableCounter(metric.Name, () => Measure(metric, samples), description: metric.Help);
            }
            else
            {
                meter.CreateObservableGauge(metric.Name, () => Measure(metric, samples), description: metric.Help);
            }
        }
    }

    private static IEnumerable<Measurement<double>> Measure(Metric metric, MetricSamples samples) =>
        samples.Of(metric).Select(sample => new Measurement<double>(sample.Value, sample.Labels.Select((label, index) => new KeyValuePair<string, object?>(metric.Labels[index], label))));
}
