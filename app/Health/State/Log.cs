using Microsoft.Extensions.Logging;

namespace Candor.Health.State;

/// <summary>Log messages of the state, event ids 301 to 399.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 301, Message = "health: {From} -> {To}{Reason}")]
    public static partial void StateChanged(this ILogger log, LogLevel level, string from, string to, string reason);

    [LoggerMessage(302, LogLevel.Error, "health: a listener of ICandorHealth.OnChange failed")]
    public static partial void ListenerFailed(this ILogger log, Exception exception);
}
