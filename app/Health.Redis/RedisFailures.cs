using Candor.Health.Checks;
using StackExchange.Redis;

namespace Candor.Health.Redis;

/// <summary>What StackExchange.Redis' exceptions mean.</summary>
internal sealed class RedisFailures : IFailureClassifier
{
    public FailureCause? Classify(Exception exception) => exception switch
    {
        RedisServerException { Message: var text } when IsAuthentication(text) => new(Reason.Authentication),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => new(Reason.Authentication),
        RedisException => new(Reason.DependencyDown),
        _ => null,
    };

    private static bool IsAuthentication(string text) =>
        text.StartsWith("NOAUTH", StringComparison.Ordinal) || text.StartsWith("WRONGPASS", StringComparison.Ordinal)
        || text.Contains("invalid password", StringComparison.OrdinalIgnoreCase);
}
