using Microsoft.Extensions.Logging;

namespace Candor.Health.Operations;

/// <summary>Log messages of operations and canaries, event ids 501 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(501, LogLevel.Warning, "health: the canary {Method} {Path} was answered {Status}: it may not reach a handler")]
    public static partial void CanaryUnexpectedStatus(this ILogger log, string method, string path, int status);

    [LoggerMessage(502, LogLevel.Debug, "health: the canary {Method} {Path} {What}")]
    public static partial void CanaryFailed(this ILogger log, string method, string path, string what);
}
