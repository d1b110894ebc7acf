using Candor.Health.Postgres;

namespace Candor.Orders.Api;

/// <summary>Log messages of the API, event ids 1001 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1001,
        LogLevel.Error,
        "The database refused a statement with {SqlState}; further ones of this code are not logged for 30 s")]
    public static partial void StatementRefused(this ILogger log, SqlState sqlState, Exception exception);
}
