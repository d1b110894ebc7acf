namespace Candor.Orders.Queue;

/// <summary>Log messages of the queue workers, event ids 1201 to 1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "A message without an order id was moved to {Queue}")]
    public static partial void MessageRejected(this ILogger log, string queue);

    [LoggerMessage(1202, LogLevel.Debug, "{What}")]
    public static partial void Outage(this ILogger log, Exception failure, string what);

    [LoggerMessage(1203, LogLevel.Error, "{What}")]
    public static partial void Failed(this ILogger log, Exception failure, string what);
}
