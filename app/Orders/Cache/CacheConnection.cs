using System.Net;
using Candor.Health.Names;
using StackExchange.Redis;

namespace Candor.Orders.Cache;

/// <summary>
/// The one connection to Redis, opened when it is first needed: a cache that is away must not hold up the start. Once opened it
/// reconnects by itself.
/// </summary>
public sealed class CacheConnection(ConfigurationOptions options, HostLookup lookup) : IDisposable
{
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _opening;

    /// <summary>The connection. Every caller waits for the same attempt; one that failed is made anew for the next caller.</summary>
    /// <param name="token">Lets go of the wait, not of the attempt.</param>
    public Task<ConnectionMultiplexer> OpenAsync(CancellationToken token)
    {
        lock (_gate)
        {
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _opening = ConnectAsync();
            }

            return _opening.WaitAsync(token);
        }
    }

    /// <summary>
    /// Only once the name server has answered. The client asks again by itself, and with none answering each of its attempts, and
    /// each of ours, would block another thread of the pool.
    /// </summary>
    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        await Task.WhenAll(options.EndPoints.OfType<DnsEndPoint>().Select(e => lookup.FindAsync(e.Host, CancellationToken.None)));
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (_opening is { IsCompletedSuccessfully: true })
            {
                _opening.Result.Dispose();
            }
        }
    }
}
