using Microsoft.Extensions.Logging;

namespace Candor.Health.Drain;

/// <summary>Log messages of the drain, event ids 101 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "health: draining ({Cause}); continues serving for at most {Hold}")]
    public static partial void Draining(this ILogger log, string? cause, string hold);

    [LoggerMessage(102, LogLevel.Information, "health: stops the server after {Elapsed}: {Why}")]
    public static partial void StopsServer(this ILogger log, string elapsed, string why);

    [LoggerMessage(103, LogLevel.Warning, "health: still serving until all probers are notified. Press Ctrl-C again to stop at once.")]
    public static partial void StillServing(this ILogger log);
}
