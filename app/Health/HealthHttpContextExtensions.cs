using Candor.Health.Checks;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Http;

namespace Candor.Health;

/// <summary>What a handler may report to health about its request, and what it may read.</summary>
public static class HealthHttpContextExtensions
{
    /// <summary>
    /// Reports that the request is answered with an error because the instance is overloaded, not because something is broken.
    /// Such answers do not count as errors: were the instance taken out for them, the next one would get its load and follow. The
    /// rejections of ASP.NET Core's rate limiter are marked without this.
    /// </summary>
    /// <param name="context">The request. Nothing happens when health does not watch it.</param>
    public static void MarkLoadShed(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Get<RequestLedger.Entry>()?.MarkShed();
    }

    /// <summary>
    /// True for a request that the process sent to itself to see whether the operation works. A handler that writes does everything as
    /// for a user and rolls it back in the end.
    /// </summary>
    /// <param name="context">The request.</param>
    public static bool IsCandorCanary(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<RequestLedger.Entry>() is { IsCanary: true };
    }

    /// <summary>
    /// Reports why the request fails, for a handler that turns an exception into an answer by itself. Not needed for exceptions that leave the handler: those are seen, also
    /// behind ASP.NET Core's exception handler. The first reported cause counts.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="exception">Why; its cause is found by the registered failure classifiers.</param>
    public static void ReportFailure(this HttpContext context, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(exception);
        context.Features.Get<RequestLedger.Entry>()?.Report(exception, null);
    }

    /// <summary>The same with a cause that is known.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cause">Why.</param>
    public static void ReportFailure(this HttpContext context, FailureCause cause)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(cause);
        context.Features.Get<RequestLedger.Entry>()?.Report(null, cause);
    }
}
