using Candor.Contract;
using Candor.Health.Checks;
using StackExchange.Redis;

namespace Candor.Health.Redis;

/// <summary>What StackExchange.Redis' exceptions mean.</summary>
public sealed class RedisFailures : IFailureClassifier
{
    // The first word of an error is its code; these are the ones of a server that an app may meet. Any other is not shown: with it a
    // text from outside could get out. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["OOM"] = "out of memory",
        ["READONLY"] = "read-only replica",
        ["MISCONF"] = "cannot save to disk",
        ["LOADING"] = "loading its data",
        ["BUSY"] = "busy with a script",
        ["MASTERDOWN"] = "replica without its primary",
        ["NOREPLICAS"] = "not enough replicas",
        ["NOPERM"] = "no permission",
        ["WRONGTYPE"] = "key of another type",
        ["CLUSTERDOWN"] = "cluster down",
        ["MOVED"] = "key of another node",
        ["TRYAGAIN"] = "keys on several nodes",
        ["UNKILLABLE"] = "busy with a script that writes",
    };

    /// <inheritdoc />
    public string Kind => DependencyKind.Redis;

    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => CauseOf(exception);

    /// <summary>The cause behind an exception, with Redis' own error code; null when it is none of this library's.</summary>
    /// <param name="exception">One exception; inner ones are asked for by themselves.</param>
    public static FailureCause? CauseOf(Exception exception) => exception switch
    {
        RedisServerException { Message: var text } when IsAuthentication(text) => new(Reason.Authentication),
        RedisServerException { Message: var text } =>
            CodeOf(text) is { } code ? new(Reason.Refused, code) { Condition = Codes[code] } : new(Reason.Refused),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => new(Reason.Authentication),
        RedisException => new(Reason.DependencyDown),
        _ => null,
    };

    private static string? CodeOf(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var code = end < 0 ? text : text[..end];
        return Codes.ContainsKey(code) ? code : null;
    }

    private static bool IsAuthentication(string text) =>
        text.StartsWith("NOAUTH", StringComparison.Ordinal) || text.StartsWith("WRONGPASS", StringComparison.Ordinal)
        || text.Contains("invalid password", StringComparison.OrdinalIgnoreCase);
}
