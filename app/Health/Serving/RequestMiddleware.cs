using System.Net.WebSockets;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Operations;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace Candor.Health.Serving;

/// <summary>
/// The outermost middleware: counts the requests of users, and closes their connections while the instance drains. Under a
/// server that is not ours (a test server, or one registered after AddCandor) it answers health and management too.
/// </summary>
internal sealed class RequestMiddleware(
    RequestDelegate next,
    HealthContract contract,
    AnswerHealth answerHealth,
    RequestLedger requests,
    OperationRegistry operations,
    RootCause causes,
    Traffic traffic,
    DrainState drain,
    CanaryRequests canaries,
    ActiveClock active)
{
    public Task InvokeAsync(HttpContext context) => answerHealth(context.Features) ?? PassAsync(context);

    private async Task PassAsync(HttpContext context)
    {
        if (drain.Draining)
        {
            Leave(context);
        }

        var canary = canaries.NumberOf(context.Request.Headers);
        if (canary is null)
        {
            traffic.RecordRequest();
        }
        else
        {
            // Behind a balancer that ends TLS, users come by HTTPS; a redirect to it would prove nothing.
            context.Request.Scheme = Uri.UriSchemeHttps;
        }

        var entry = requests.Begin(context.Features.GetRequiredFeature<IHttpResponseFeature>(), context.Request.Method, canary);
        entry.WantsEvents = context.Request.Headers.Accept == LongRunning.Events;
        var endpoint = context.Features.Get<IEndpointFeature>();
        context.Features.Set(entry);
        context.Features.Set<IEndpointFeature>(entry);
        var body = RequestBodyReader.Watch(context, entry, contract.Drain.RequestTimeout, active);
        Exception? failure = null;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            body?.End();
            End(context, entry, failure, body is { TimedOut: true } or { Broken: true });
            context.Features.Set<RequestLedger.Entry>(null);
            var current = context.GetEndpoint();
            context.Features.Set(endpoint);
            context.SetEndpoint(current);
        }
    }

    private void End(HttpContext context, RequestLedger.Entry entry, Exception? failure, bool cut)
    {
        // A client that has gone is no failure of the app, and neither are errors of its handler after that.
        var gone = context.RequestAborted.IsCancellationRequested || (failure is not null && IsUpgraded(context) && IsLostConnection(failure));
        int? status = failure switch
        {
            null => context.Response.StatusCode,
            BadHttpRequestException refused => refused.StatusCode,
            _ => StatusCodes.Status500InternalServerError,
        };
        var result = gone || cut ? default : RequestJudge.Of(context, entry, failure, status.Value, causes, active);
        var operation = operations.Of(entry.RoutedTo, entry.Method);
        if (entry.Canary is { } number)
        {
            canaries.End(number, result);
        }
        else
        {
            operation.Add(result);
        }

        requests.End(entry, entry.IsCanary || gone ? null : status);
    }

    private static bool IsUpgraded(HttpContext context) => context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    // By HTTP/1.1 a header tells the client to use another connection; a connection of HTTP/2 is told itself, and takes no such header.
    private static void Leave(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol) || HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }
    }

    // What the handler of a WebSocket meets when its client is no longer there. Elsewhere it is a connection of the app's own that was lost.
    private static bool IsLostConnection(Exception failure) =>
        failure is ConnectionResetException or ConnectionAbortedException
            or WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely };
}
