using Candor.Health.Checks;
using Candor.Health.Operations;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>Classifies the end of a request.</summary>
internal static class RequestJudge
{
    // https://grpc.io/docs/guides/status-codes/: unknown, deadline exceeded, internal, unavailable, data loss. The others are the caller's doing, or mean too much load.
    private static readonly string[] GrpcFailures = ["2", "4", "13", "14", "15"];

    /// <param name="context">The request.</param>
    /// <param name="entry">Its entry in the ledger.</param>
    /// <param name="failure">The exception that left the app's middleware, if one did.</param>
    /// <param name="status">Its status code.</param>
    /// <param name="causes">What exceptions mean.</param>
    /// <param name="active">The clock.</param>
    public static RequestResult Of(HttpContext context, RequestLedger.Entry entry, Exception? failure, int status, RootCause causes, TimeProvider active)
    {
        var outcome = OutcomeOf(context, status, failure);
        if (outcome == RequestOutcome.Failed && entry.Shed)
        {
            outcome = RequestOutcome.Shed;
        }

        if (outcome == RequestOutcome.Served)
        {
            // What was upgraded (WebSockets) or may take as long as it likes has no duration to be judged by.
            return new(outcome, status == StatusCodes.Status101SwitchingProtocols || entry.IsLongRunning ? null : entry.TimeToAnswer(active, active.GetTimestamp()), null);
        }

        if (outcome != RequestOutcome.Failed)
        {
            return new(outcome, null, null);
        }

        var exception = entry.ReportedException ?? context.Features.Get<IExceptionHandlerFeature>()?.Error ?? failure;
        var cause = entry.ReportedCause ?? (exception is null ? null : causes.Of(exception));
        return cause switch
        {
            null or { Reason: Reason.CheckFailed } => new(RequestOutcome.Failed, null, new(Reason.ErrorRatio)),
            { IsClientMistake: true } => default,
            { Reason: Reason.Overloaded } => new(RequestOutcome.Shed, null, null),
            _ => new(RequestOutcome.Failed, null, cause),
        };
    }

    private static RequestOutcome OutcomeOf(HttpContext context, int status, Exception? failure)
    {
        if (status >= StatusCodes.Status500InternalServerError)
        {
            return RequestOutcome.Failed;
        }

        if (status >= StatusCodes.Status400BadRequest)
        {
            return RequestOutcome.Ignored;
        }

        if (failure is not null)
        {
            return RequestOutcome.Failed;
        }

        if (context.Response.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.Ordinal))
        {
            string? code = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"];
            code = string.IsNullOrEmpty(code) ? context.Response.Headers["grpc-status"] : code;
            return code is null or "" or "0" ? RequestOutcome.Served
                : GrpcFailures.Contains(code, StringComparer.Ordinal) ? RequestOutcome.Failed
                : RequestOutcome.Ignored;
        }

        return RequestOutcome.Served;
    }
}
