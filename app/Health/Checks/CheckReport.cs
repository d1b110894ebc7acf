using Candor.Contract;

namespace Candor.Health.Checks;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>It passes.</summary>
    Healthy,

    /// <summary>It fails, and the app serves on.</summary>
    Degraded,

    /// <summary>It fails, and the app cannot serve.</summary>
    Unhealthy,

    /// <summary>The round was late, so that nothing is known.</summary>
    Unknown,
}

/// <summary>What one check said in one evaluation.</summary>
/// <param name="Name">The name it is registered by.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it does not pass.</param>
/// <param name="Scope">Who else fails with it.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Detail">Text for the management port only: it may name hosts. Never a credential.</param>
/// <param name="Tags">The tags it is registered with.</param>
internal sealed record CheckReport(
    string Name,
    CheckOutcome Outcome,
    Reason Reason,
    DependencyScope Scope,
    TimeSpan Duration,
    string? Detail,
    IReadOnlyCollection<string> Tags)
{
    /// <summary>True when it concerns this instance alone, whatever the dependency's own scope: its pool and its handlers are its own.</summary>
    public bool IsLocal => Scope == DependencyScope.Local || Reason is Reason.PoolSaturated or Reason.PipelineStuck;

    /// <summary>The answer's text for <see cref="Outcome"/>.</summary>
    public string OutcomeText => Outcome switch
    {
        CheckOutcome.Healthy => "healthy",
        CheckOutcome.Degraded => "degraded",
        CheckOutcome.Unhealthy => "unhealthy",
        _ => "unknown",
    };
}
