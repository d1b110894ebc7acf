using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;
using RabbitMQ.Client.Exceptions;
using StackExchange.Redis;

namespace Candor.Health;

/// <summary>What an exception of a client library means for health.</summary>
internal static partial class FailureReason
{
    /// <summary>The reason for <paramref name="exception"/>, looking through its inner exceptions for the most telling one.</summary>
    public static Reason Of(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (Telling(current) is { } reason)
            {
                return reason;
            }
        }

        return exception switch
        {
            AggregateException { InnerExceptions: [{ } first, ..] } => Of(first),
            NpgsqlException or RedisException or BrokerUnreachableException or OperationInterruptedException => Reason.DependencyDown,
            OperationCanceledException or TimeoutException => Reason.TimedOut,
            _ => Reason.CheckFailed,
        };
    }

    /// <summary>The exception in one line for the management port, without credentials.</summary>
    public static string Describe(Exception exception)
    {
        var cause = exception.GetBaseException();
        var text = cause.Message.ReplaceLineEndings(" ");
        return $"{cause.GetType().Name}: {Credentials().Replace(text, "$1***")}";
    }

    private static Reason? Telling(Exception exception) => exception switch
    {
        // 28000 and 28P01: invalid authorization; https://www.postgresql.org/docs/current/errcodes-appendix.html
        PostgresException { SqlState: "28000" or "28P01" } => Reason.Authentication,
        AuthenticationFailureException or PossibleAuthenticationFailureException => Reason.Authentication,
        RedisServerException { Message: var text } when IsRedisAuthentication(text) => Reason.Authentication,
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Reason.Authentication,
        NpgsqlException { Message: var text } when text.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal) =>
            Reason.PoolSaturated,
        BrokenCircuitException => Reason.CircuitOpen,
        TimeoutRejectedException => Reason.TimedOut,
        SocketException or HttpRequestException => Reason.DependencyDown,
        _ => null,
    };

    private static bool IsRedisAuthentication(string text) =>
        text.StartsWith("NOAUTH", StringComparison.Ordinal) || text.StartsWith("WRONGPASS", StringComparison.Ordinal)
        || text.Contains("invalid password", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"((?:password|pwd|secret|token)\s*[=:]\s*|://)[^\s;,@]+(?:@|(?=[\s;,]|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}
