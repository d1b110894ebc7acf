namespace Candor.Health.Operations;

/// <summary>How users fare with an operation.</summary>
public enum OperationStatus
{
    /// <summary>Unknown: there was no request, and no canary was sent.</summary>
    Unknown,

    /// <summary>It is served as it should be.</summary>
    Healthy,

    /// <summary>It is served, more slowly than its latency limit.</summary>
    Slow,

    /// <summary>Some of its requests fail, or are refused to shed load.</summary>
    Degraded,

    /// <summary>Most of its requests fail, or its work stands still.</summary>
    Failing,
}

/// <summary>The stable text of an <see cref="OperationStatus"/>.</summary>
public static class OperationStatusText
{
    /// <summary>The text of <paramref name="status"/> in answers, logs and metrics.</summary>
    public static string Text(this OperationStatus status) => status switch
    {
        OperationStatus.Healthy => "healthy",
        OperationStatus.Slow => "slow",
        OperationStatus.Degraded => "degraded",
        OperationStatus.Failing => "failing",
        _ => "unknown",
    };
}
