namespace Candor.Health.Checks;

/// <summary>Why a check does not pass, or the instance is not ready. The texts are stable: alerts and people search for them.</summary>
public enum Reason
{
    /// <summary>Nothing is wrong. No text.</summary>
    None,

    /// <summary>The dependency does not answer, or refuses.</summary>
    DependencyDown,

    /// <summary>The answer was slower than the check's deadline.</summary>
    TimedOut,

    /// <summary>The dependency refuses the credentials.</summary>
    Authentication,

    /// <summary>Every connection of the app's own pool is in use.</summary>
    PoolSaturated,

    /// <summary>Requests do not move through the app: stuck handlers, a starved thread pool, an unanswered canary.</summary>
    PipelineStuck,

    /// <summary>Too many of the app's answers are 5xx.</summary>
    ErrorRatio,

    /// <summary>More messages wait than the contract allows.</summary>
    Backlog,

    /// <summary>Too little disk is free, or it cannot be written.</summary>
    Disk,

    /// <summary>The circuit breaker of the dependency is open.</summary>
    CircuitOpen,

    /// <summary>An ordinary health check failed, without one of Candor's reasons.</summary>
    CheckFailed,

    /// <summary>The dependency answers, and refuses what the app asks of it: a right, a table, a limit, a mode.</summary>
    Refused,

    /// <summary>There is more to do than the instance can, and it refuses some of it.</summary>
    Overloaded,

    /// <summary>Answers take longer than the operation's latency limit.</summary>
    Slow,

    /// <summary>Background work stands still: its oldest open item grows old, or nothing gets done.</summary>
    NoProgress,

    /// <summary>The process hardly gets any processor.</summary>
    Processor,

    /// <summary>The process uses nearly all the memory that it may.</summary>
    Memory,

    /// <summary>No file descriptor is left.</summary>
    Descriptors,

    /// <summary>Start-up tasks have not ended.</summary>
    Starting,

    /// <summary>The instance leaves.</summary>
    Draining,

    /// <summary>There is no answer younger than the freshness bound.</summary>
    Stale,

    /// <summary>The evaluation was delayed through no fault of the app, so that its result is unknown.</summary>
    Unknown,
}

/// <summary>The stable text of a <see cref="Reason"/>.</summary>
public static class ReasonText
{
    /// <summary>The text of <paramref name="reason"/> in answers, logs and metrics; null for <see cref="Reason.None"/>.</summary>
    public static string? Text(this Reason reason) => reason switch
    {
        Reason.None => null,
        Reason.DependencyDown => "dependency down",
        Reason.TimedOut => "timed out",
        Reason.Authentication => "authentication",
        Reason.PoolSaturated => "pool saturated",
        Reason.PipelineStuck => "pipeline stuck",
        Reason.ErrorRatio => "error ratio",
        Reason.Backlog => "backlog",
        Reason.Disk => "disk",
        Reason.CircuitOpen => "circuit open",
        Reason.CheckFailed => "check failed",
        Reason.Refused => "refused",
        Reason.Overloaded => "overloaded",
        Reason.Slow => "slow",
        Reason.NoProgress => "no progress",
        Reason.Processor => "processor",
        Reason.Memory => "memory",
        Reason.Descriptors => "descriptors",
        Reason.Starting => "starting",
        Reason.Draining => "draining",
        Reason.Stale => "stale",
        _ => "unknown",
    };
}
