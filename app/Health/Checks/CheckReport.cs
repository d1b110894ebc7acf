using Candor.Contract;

namespace Candor.Health.Checks;

/// <summary>How a check ended.</summary>
internal enum CheckOutcome
{
    /// <summary>It passes.</summary>
    Healthy,

    /// <summary>It fails, and the app continues serving.</summary>
    Degraded,

    /// <summary>It fails, and the app cannot serve.</summary>
    Unhealthy,

    /// <summary>The round was late, so that nothing is known.</summary>
    Unknown,
}

/// <summary>The result of one check in one evaluation.</summary>
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
    /// <summary>Why it does not pass, with the code that the dependency answered with; null when only <see cref="Reason"/> is known.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>The cause in one line, with the name of the check.</summary>
    public string CauseText => Cause is null && Reason.Text() == Name ? Name : ((Cause ?? new(Reason)) with { Dependency = Name }).ToString();

    /// <summary>True when it concerns this instance alone, whatever the dependency's own scope: its pool and its handlers are its own.</summary>
    public bool IsLocal => Scope == DependencyScope.Local || new FailureCause(Reason).IsLocal;

    /// <summary>The answer's text for <see cref="Outcome"/>.</summary>
    public string OutcomeText => Outcome switch
    {
        CheckOutcome.Healthy => "healthy",
        CheckOutcome.Degraded => "degraded",
        CheckOutcome.Unhealthy => "unhealthy",
        _ => "unknown",
    };
}
