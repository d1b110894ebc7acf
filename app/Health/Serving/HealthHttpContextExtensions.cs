using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Serving;

/// <summary>What a handler may say to health about the request it serves, and what it may ask.</summary>
public static class HealthHttpContextExtensions
{
    /// <summary>
    /// Says that the request is answered with an error because the instance has more to do than it can, not because something is broken.
    /// Such answers do not count as errors: were the instance taken out for them, the next one would get its load and follow. The
    /// rejections of ASP.NET Core's rate limiter are marked without this.
    /// </summary>
    /// <param name="context">The request. Nothing happens when health does not watch it.</param>
    public static void MarkLoadShed(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Get<RequestLedger.Entry>()?.MarkShed();
    }
}
