namespace Candor.Contract;

/// <summary>
/// A request that the app sends to itself through its own listener and middleware, so that broken handlers are seen without traffic.
/// </summary>
public sealed record CanarySettings
{
    /// <summary>The path and query that is requested with GET, or null for no canary. Starts with <c>/</c>; not a health path.</summary>
    public string? Route { get; init; }

    /// <summary>Time between two canaries. Default 5 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the canary waits for its answer. Below <see cref="Interval"/>, default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row that make the instance not ready. 1 or more, default 2.</summary>
    public int FailureThreshold { get; init; } = 2;
}
