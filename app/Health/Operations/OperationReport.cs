using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>What is known about an operation at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Critical">Whether the instance is not ready while it fails.</param>
/// <param name="Status">How users fare with it.</param>
/// <param name="Cause">Why, when it is not healthy: the root cause as far as it is known.</param>
/// <param name="Share">Share of failed answers in its window, 0 to 1.</param>
/// <param name="Count">Answers in its window.</param>
/// <param name="Since">Since when it is not healthy.</param>
/// <param name="OldestAge">Background work: the age of its oldest open item; zero when none is open.</param>
/// <param name="SinceProgress">Background work: how long ago it last got something done.</param>
internal sealed record OperationReport(
    string Name,
    bool Critical,
    OperationStatus Status,
    FailureCause? Cause,
    double Share,
    int Count,
    DateTimeOffset? Since,
    TimeSpan? OldestAge = null,
    TimeSpan? SinceProgress = null)
{
    /// <summary>How long ago a user, or a canary, was last served; null for never.</summary>
    public TimeSpan? SinceServed { get; init; }

    /// <summary>How long ago a request, or a canary, last failed; null for never.</summary>
    public TimeSpan? SinceFailed { get; init; }

    /// <summary>The cause in the answer's words.</summary>
    public string? ReasonText => Status is OperationStatus.Healthy or OperationStatus.Unknown ? null : Cause?.ToString();
}
