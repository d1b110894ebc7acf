using Microsoft.Extensions.Logging;

namespace Candor.Health.Startup;

/// <summary>Log messages of the start-up tasks, event ids 201 to 299.</summary>
internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Information, "health: start-up complete")]
    public static partial void Completed(this ILogger log);

    [LoggerMessage(202, LogLevel.Error, "health: start-up task {Task} failed; the instance stays unready: {Why}")]
    public static partial void TaskFailed(this ILogger log, string task, string why);

    [LoggerMessage(203, LogLevel.Warning, "health: start-up task {Task} failed; retrying in {Delay}: {Why}")]
    public static partial void TaskRetries(this ILogger log, string task, string delay, string why);
}
