using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace Candor.Health.Serving;

/// <summary>
/// The outermost middleware: counts the requests of users, and tells their connections to close while the instance leaves. Under a
/// server that is not ours (a test server, or one registered after AddCandor) it answers health and management too.
/// </summary>
internal sealed class RequestMiddleware(
    RequestDelegate next,
    HealthContract contract,
    AnswerHealth answerHealth,
    RequestLedger requests,
    ErrorWindow errors,
    Traffic traffic,
    DrainState drain,
    CanaryToken canary,
    ActiveClock active)
{
    public Task InvokeAsync(HttpContext context) => answerHealth(context.Features) ?? PassAsync(context);

    private async Task PassAsync(HttpContext context)
    {
        if (drain.Draining)
        {
            context.Response.Headers.Connection = "close";
        }

        var mine = canary.IsOn(context.Request.Headers);
        if (!mine)
        {
            traffic.RecordRequest();
        }

        var entry = requests.Begin(context.Features.GetRequiredFeature<IHttpResponseFeature>());
        var endpoint = context.Features.Get<IEndpointFeature>();
        context.Features.Set(entry);
        context.Features.Set<IEndpointFeature>(entry);
        var body = RequestBodyReader.Watch(context, entry, contract.Drain.RequestTimeout, active);
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
        catch (BadHttpRequestException refused)
        {
            // Too slow, too large, cut off: the client's doing, also where the app lets the exception pass.
            status = refused.StatusCode;
            throw;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; what its handler met on the way says nothing about the app.
            throw;
        }
        catch
        {
            status = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            body?.End();
            var shed = entry.Shed;
            var cut = body is { TimedOut: true } || context.RequestAborted.IsCancellationRequested;
            context.Features.Set<RequestLedger.Entry>(null);
            var current = context.GetEndpoint();
            context.Features.Set(endpoint);
            context.SetEndpoint(current);
            requests.End(entry, mine ? null : status);
            if (!mine && !shed && !cut && status is { } code)
            {
                errors.Add(code);
            }
        }
    }
}
