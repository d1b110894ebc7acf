using System.Globalization;

namespace Candor.Planning.Rules;

/// <summary>One CloudWatch alarm, whether it watches a metric or the sum of an expression over several.</summary>
internal sealed class Alarm
{
    internal const string Balancers = "AWS/ApplicationELB";

    internal Alarm(PlanResource resource)
    {
        Resource = resource;
        var queries = resource.Inputs["metricQueries"].Items.Select(query => query["metric"]).Where(metric => metric.Exists).ToList();
        Metrics = queries.Count > 0 ? queries : [resource.Inputs];
        Names = Metrics.Where(metric => metric["namespace"].Text == Balancers).Select(metric => metric["metricName"].Known()).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    internal PlanResource Resource { get; }

    /// <summary>The metrics it looks at: its own, or those of its queries.</summary>
    internal IReadOnlyList<PlanValue> Metrics { get; }

    /// <summary>The names of the balancer's metrics among them.</summary>
    internal IReadOnlySet<string> Names { get; }

    /// <summary>Whether nobody can say what it looks at, so that it may be any alarm.</summary>
    internal bool HasUnknown => Metrics.Any(metric =>
        metric["namespace"].IsUnknown() || metric["metricName"].IsUnknown() || metric["extendedStatistic"].IsUnknown() || metric["stat"].IsUnknown());

    internal string Name => Resource.Inputs["name"].Known() ?? Resource.Name;

    internal string? Operator => Resource.Inputs["comparisonOperator"].Known();

    /// <summary>period × datapoints: how long something must last before it alarms; null when unknown.</summary>
    internal TimeSpan? Window
    {
        get
        {
            var periods = Metrics.Select(metric => metric["period"].Seconds(TimeSpan.Zero)).ToList();
            var points = Resource.Inputs["datapointsToAlarm"].Exists ? Resource.Inputs["datapointsToAlarm"].Whole() : Resource.Inputs["evaluationPeriods"].Whole();
            return periods.Contains(null) || points is not (> 0 and < 100_000) ? null : periods.Max() * points;
        }
    }

    /// <summary>Whether it shows a percentile of 99 or more.</summary>
    internal bool IsP99 => Metrics.Append(Resource.Inputs).Any(metric => IsPercentile(metric["extendedStatistic"]) || IsPercentile(metric["stat"]));

    private static bool IsPercentile(PlanValue value) =>
        value.Text is { Length: > 1 } text && text[0] is 'p' && double.TryParse(text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent >= 99;
}
