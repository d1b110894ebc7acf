namespace Candor.Contract.Metrics;

/// <summary>What Prometheus calls the type of a metric.</summary>
public enum MetricType
{
    /// <summary>A number that only grows, until the process restarts.</summary>
    Counter,

    /// <summary>A number that goes up and down.</summary>
    Gauge,
}

/// <summary>One metric that the app exposes and that a rule may ask for.</summary>
/// <param name="Name">Its name as Prometheus sees it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Help">What it says, and its unit.</param>
/// <param name="Labels">The labels that every sample of it has, in their order.</param>
public sealed record Metric(string Name, MetricType Type, string Help, params IReadOnlyList<string> Labels);
