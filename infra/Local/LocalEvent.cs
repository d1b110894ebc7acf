namespace Candor.Local;

/// <summary>What kind of thing happened.</summary>
public enum LocalEventKind
{
    /// <summary>Something went on as it should.</summary>
    Progress,

    /// <summary>A pod changed: started, ready, not ready, restarted, ended.</summary>
    Pod,

    /// <summary>A target of the balancer changed its state.</summary>
    Target,

    /// <summary>A rollout began, went on, ended or failed.</summary>
    Rollout,

    /// <summary>Everything that the Plan asks for is up and healthy.</summary>
    Healthy,

    /// <summary>Something the user should know, such as a part of the Plan that has no meaning on one machine.</summary>
    Warning,

    /// <summary>Something failed; the run continues, so that it can be examined.</summary>
    Failure,
}

/// <summary>One thing that happened in a run, as it happens.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">Which pod, target, workload or part it is about.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record LocalEvent(DateTimeOffset At, LocalEventKind Kind, string Subject, string Message);
