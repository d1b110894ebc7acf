namespace Candor.Health.State;

/// <summary>The state of the instance: the <c>status</c> of the answer.</summary>
public enum HealthState
{
    /// <summary>Start-up tasks run, or one has failed. 503.</summary>
    Starting,

    /// <summary>Everything passes. 200.</summary>
    Ready,

    /// <summary>Serves, but not all of it works. 200.</summary>
    Degraded,

    /// <summary>Must not get traffic. 503.</summary>
    NotReady,

    /// <summary>Leaves; serves what still comes. 503.</summary>
    Draining,
}

/// <summary>The stable text of a <see cref="HealthState"/>.</summary>
public static class HealthStateText
{
    /// <summary>The text of <paramref name="state"/> in answers, logs and metrics.</summary>
    public static string Text(this HealthState state) => state switch
    {
        HealthState.Starting => "starting",
        HealthState.Ready => "ready",
        HealthState.Degraded => "degraded",
        HealthState.NotReady => "not ready",
        _ => "draining",
    };
}
