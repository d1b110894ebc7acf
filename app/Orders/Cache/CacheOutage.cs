using System.Net.Sockets;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace Candor.Orders.Cache;

/// <summary>Tells a cache that cannot serve from a mistake of ours.</summary>
public static class CacheOutage
{
    /// <summary>Whether the failure is the cache's.</summary>
    public static bool Is(Exception exception) => exception
        is RedisException or TimeoutRejectedException or BrokenCircuitException or TimeoutException or SocketException or ObjectDisposedException;
}
