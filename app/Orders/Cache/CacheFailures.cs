using System.Net.Sockets;
using Candor.Health.Checks;
using Candor.Health.Redis;
using Candor.Orders.Resilience;
using Polly.Timeout;
using StackExchange.Redis;

namespace Candor.Orders.Cache;

/// <summary>What goes wrong with the cache.</summary>
public sealed class CacheFailures : IGuardedFailures
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static CacheFailures Instance { get; } = new();

    /// <summary>Whether the failure is the cache's, and not a mistake of ours.</summary>
    public static bool IsOutage(Exception exception) => exception
        is RedisException or TimeoutRejectedException or CircuitOpenException or TimeoutException or SocketException
            or ObjectDisposedException;

    /// <summary>Everything but what it refuses at once, because of one key or one command.</summary>
    public bool IsUnavailable(Exception exception) => IsOutage(exception) && exception is not RedisServerException;

    /// <inheritdoc />
    public FailureCause CauseOf(Exception exception) => exception switch
    {
        CircuitOpenException { OpenedBy: { } cause } => cause,
        TimeoutRejectedException or TimeoutException => new(Reason.TimedOut),
        _ => RedisFailures.CauseOf(exception) ?? new(IsOutage(exception) ? Reason.DependencyDown : Reason.CheckFailed),
    };
}
