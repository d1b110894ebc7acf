using System.Collections.Concurrent;
using Candor.Health;
using Candor.Health.Postgres;
using Candor.Orders.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Candor.Orders.Api;

/// <summary>
/// What a user is answered when the database failed, by the table of SQLSTATEs: 503 when the request was right and may be sent again, 500
/// when it would fail again, 400 for a text that cannot be stored. No message of the server is passed on.
/// </summary>
public sealed class FailureAnswer(IProblemDetailsService problems, TimeProvider time, ILogger<FailureAnswer> log) : IExceptionHandler
{
    // A bug in a statement may be met by every request; once in a while is enough to find it.
    private static readonly TimeSpan LoggedEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _logged = new(StringComparer.Ordinal);

    /// <summary>Whether the exception is answered here, and needs no line of its own in the log for every request.</summary>
    public static bool IsKnown(Exception exception) =>
        exception is PoolSaturatedException || DatabaseFailures.StateOf(exception) is not null || DatabaseFailures.IsOutage(exception);

    /// <inheritdoc />
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        ArgumentNullException.ThrowIfNull(exception);
        if (!IsKnown(exception))
        {
            return ValueTask.FromResult(false);
        }

        var (status, detail) = Answer(exception);
        switch (status)
        {
            case StatusCodes.Status503ServiceUnavailable:
                httpContext.Response.Headers.RetryAfter = "1";
                break;
            case StatusCodes.Status500InternalServerError:
                LogNowAndThen(DatabaseFailures.StateOf(exception)!, exception);
                break;
        }

        if (exception is PoolSaturatedException)
        {
            // Overload, and no error of this instance: were it taken out for that, the next one would get its load and follow.
            httpContext.MarkLoadShed();
        }

        httpContext.Response.StatusCode = status;
        return problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = { Status = status, Detail = detail } });
    }

    private static (int Status, string Detail) Answer(Exception exception) => exception switch
    {
        PoolSaturatedException =>
            (StatusCodes.Status503ServiceUnavailable, "The service is busy: every database connection is in use. Try again."),
        _ => DatabaseFailures.StateOf(exception)?.Kind switch
        {
            SqlFailureKind.ClientMistake => (StatusCodes.Status400BadRequest, Problems.RefusedText),
            SqlFailureKind.Bug =>
                (StatusCodes.Status500InternalServerError, "The service cannot do this at the moment, for a reason of its own."),
            _ => (StatusCodes.Status503ServiceUnavailable, "The database cannot serve this at the moment. Try again."),
        },
    };

    private void LogNowAndThen(SqlState state, Exception exception)
    {
        var now = time.GetTimestamp();
        if (!_logged.TryGetValue(state.Code, out var at) || time.GetElapsedTime(at, now) >= LoggedEvery)
        {
            _logged[state.Code] = now;
            log.StatementRefused(state, exception);
        }
    }
}
