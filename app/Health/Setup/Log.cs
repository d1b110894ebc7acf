using Microsoft.Extensions.Logging;

namespace Candor.Health.Setup;

/// <summary>Log messages of the set-up, event ids 401 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(
        401,
        LogLevel.Information,
        "health: the contract is that of {Variable}; it differs from the one in the code in {Differences}")]
    public static partial void ContractDiffers(this ILogger log, string variable, string differences);

    [LoggerMessage(402, LogLevel.Warning, "health: {Notice}")]
    public static partial void UnknownProperties(this ILogger log, string notice);

    [LoggerMessage(
        403,
        LogLevel.Warning,
        "health: the server {Server} was registered after AddCandor, so probes are answered by middleware and the app's "
            + "own addresses are not kept. Call AddCandor after UseKestrel.")]
    public static partial void ServerReplaced(this ILogger log, string server);

    [LoggerMessage(
        404,
        LogLevel.Warning,
        "health: {Lifetime} handles signals instead of Candor: the server stops at once on SIGTERM, without a drain. "
            + "Call AddCandor after it, or set CandorOptions.Lifetime to false.")]
    public static partial void LifetimeReplaced(this ILogger log, string lifetime);
}
