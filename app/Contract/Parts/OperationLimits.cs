namespace Candor.Contract;

/// <summary>
/// When an operation counts as degraded and when as failing. Each operation has a window of its own last answers, which is bounded by
/// time and by count, so that one request in two seconds is judged as well as a thousand.
/// </summary>
public sealed record OperationLimits
{
    /// <summary>
    /// Share of failed answers in the window from which the operation is degraded. Above 0, below <see cref="FailingShare"/>, default
    /// 0.05: one failure in twenty is more than an accident, and the least that a small window can distinguish from one.
    /// </summary>
    public double DegradedShare { get; init; } = 0.05;

    /// <summary>
    /// Share of failed answers in the window from which the operation is failing. At most 1, default 0.5: most requests fail.
    /// </summary>
    public double FailingShare { get; init; } = 0.5;

    /// <summary>
    /// Answers in the window below which the share is not evaluated. 1 or more, at most <see cref="WindowCount"/>, default 10: what one
    /// request in two seconds leaves in the window, with a third to spare.
    /// </summary>
    public int MinimumCount { get; init; } = 10;

    /// <summary>
    /// Failures in a row that make the operation failing, however few answers there are. 1 or more, at most <see cref="WindowCount"/>,
    /// default 3: at the degraded share of 5 % three in a row come by chance once in 8,000 requests, and must besides last longer than a
    /// hiccup; at one request a second more would take longer than users should wait for a verdict.
    /// </summary>
    public int ConsecutiveFailures { get; init; } = 3;

    /// <summary>How far back the window reaches. At least 1 s, default 30 s: three probes of the balancer.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most answers that the window holds; older ones leave it. Default 200: at 50 requests per second the last 4 s, so that a busy
    /// operation is judged by what is, not by what was, and memory is bounded.
    /// </summary>
    public int WindowCount { get; init; } = 200;
}
