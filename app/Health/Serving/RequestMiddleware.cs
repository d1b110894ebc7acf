using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health;

/// <summary>
/// The outermost middleware: counts the requests of users, and tells their connections to close while the instance leaves. Under a
/// server other than Kestrel (a test server) it answers the health paths too.
/// </summary>
internal sealed class RequestMiddleware(
    RequestDelegate next,
    PublicEndpoints endpoints,
    RequestLedger requests,
    ErrorWindow errors,
    Traffic traffic,
    DrainState drain,
    CanaryToken canary)
{
    public Task InvokeAsync(HttpContext context) => endpoints.TryAnswer(context.Features) ?? PassAsync(context);

    private async Task PassAsync(HttpContext context)
    {
        if (drain.Draining)
        {
            context.Response.Headers.Connection = "close";
        }

        var mine = canary.IsOn(context.Request.Headers);
        if (!mine)
        {
            traffic.Saw();
        }

        var entry = requests.Begin(context.Features.GetRequiredFeature<IHttpResponseFeature>());
        int? status = null;
        try
        {
            await next(context).ConfigureAwait(false);
            status = context.Response.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch
        {
            status = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            requests.End(entry, mine ? null : status);
            if (!mine && status is { } code)
            {
                errors.Add(code);
            }
        }
    }
}
