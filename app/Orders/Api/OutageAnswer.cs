using Candor.Health.Serving;
using Candor.Orders.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Candor.Orders.Api;

/// <summary>
/// 503 while the database cannot serve: the request was right and may be sent again. 400 for a text that the database cannot store.
/// </summary>
public sealed class OutageAnswer(IProblemDetailsService problems) : IExceptionHandler
{
    /// <inheritdoc />
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, detail) = exception switch
        {
            PoolSaturatedException => (StatusCodes.Status503ServiceUnavailable, "The service is busy: every database connection is in use. Try again."),
            _ when DatabaseOutage.Is(exception) => (StatusCodes.Status503ServiceUnavailable, "The database does not answer at the moment. Try again."),
            _ when DatabaseOutage.IsRefusedText(exception) => (StatusCodes.Status400BadRequest, Problems.RefusedText),
            _ => (0, null),
        };
        if (detail is null)
        {
            return ValueTask.FromResult(false);
        }

        if (exception is PoolSaturatedException)
        {
            // Overload, and no error of this instance: were it taken out for that, the next one would get its load and follow.
            httpContext.MarkLoadShed();
        }

        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        return problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = { Status = status, Detail = detail } });
    }
}
