using Candor.Orders.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Candor.Orders.Api;

/// <summary>503 while the database cannot serve: the request was right and may be sent again.</summary>
public sealed class OutageAnswer(IProblemDetailsService problems) : IExceptionHandler
{
    /// <inheritdoc />
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var detail = exception switch
        {
            PoolSaturatedException => "The service is busy: every database connection is in use. Try again.",
            _ when DatabaseOutage.Is(exception) => "The database does not answer at the moment. Try again.",
            _ => null,
        };
        if (detail is null)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = "1";
        return problems.TryWriteAsync(new()
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Detail = detail },
        });
    }
}
