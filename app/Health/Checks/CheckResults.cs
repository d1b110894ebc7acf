using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>Gives an ordinary <see cref="HealthCheckResult"/> one of our reasons, so that any check can name its cause.</summary>
public static class CheckResults
{
    /// <summary>The key in <see cref="HealthCheckResult.Data"/> that carries the <see cref="Reason"/>.</summary>
    public const string ReasonKey = "candor.reason";

    /// <summary>The key in <see cref="HealthCheckResult.Data"/> that carries the <see cref="FailureCause"/>, where more is known than the reason.</summary>
    public const string CauseKey = "candor.cause";

    /// <summary>A failed result with its reason.</summary>
    /// <param name="context">The context that the check was given; its registration decides whether the failure is unhealthy or degraded.</param>
    /// <param name="reason">Why it failed; shown everywhere.</param>
    /// <param name="detail">Text for the management port only. Must hold no credential.</param>
    public static HealthCheckResult Failed(HealthCheckContext context, Reason reason, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Registration.FailureStatus, detail, null, new Dictionary<string, object>(1) { [ReasonKey] = reason });
    }

    /// <summary>A failed result with its cause, and the code that the dependency answered with.</summary>
    /// <param name="context">The context that the check was given; its registration decides whether the failure is unhealthy or degraded.</param>
    /// <param name="cause">Why it failed; shown everywhere.</param>
    /// <param name="detail">Text for the management port only. Must hold no credential.</param>
    public static HealthCheckResult Failed(HealthCheckContext context, FailureCause cause, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return Failed(context, cause.Reason, cause, detail is null ? cause.ToString() : $"{cause}: {detail}");
    }

    internal static HealthCheckResult Failed(HealthCheckContext context, Reason reason, FailureCause? cause, string? detail)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>(2) { [ReasonKey] = reason };
        if (cause is not null)
        {
            data[CauseKey] = cause;
        }

        return new(context.Registration.FailureStatus, detail, null, data);
    }

    internal static FailureCause? CauseOf(in HealthCheckResult result) =>
        result.Data.Count > 0 && result.Data.TryGetValue(CauseKey, out var value) ? value as FailureCause : null;

    internal static Reason ReasonOf(in HealthCheckResult result) =>
        result.Data.Count > 0 && result.Data.TryGetValue(ReasonKey, out var value) && value is Reason reason ? reason : Reason.CheckFailed;
}
