using Microsoft.AspNetCore.RateLimiting;

namespace Candor.Health.Serving;

/// <summary>Marks what ASP.NET Core's rate limiter rejects as load that is shed: its default answer is 503, and not a fault.</summary>
internal static class RateLimiterRejections
{
    public static void Mark(RateLimiterOptions options)
    {
        var own = options.OnRejected;
        options.OnRejected = (rejected, token) =>
        {
            rejected.HttpContext.MarkLoadShed();
            return own?.Invoke(rejected, token) ?? ValueTask.CompletedTask;
        };
    }
}
