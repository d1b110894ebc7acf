using Candor.Health.Checks;

namespace Candor.Orders.Cache;

/// <summary>Log messages of the cache, event ids 1101 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1101,
        LogLevel.Warning,
        "The cache entry of order {Order} cannot be used ({Cause}); the order is read from the database")]
    public static partial void EntryUnusable(this ILogger log, Guid order, FailureCause cause);
}
