using StackExchange.Redis;

namespace Candor.Orders.Cache;

/// <summary>
/// The one connection to Redis, opened when it is first needed: a cache that is away must not hold up the start. Once opened it
/// reconnects by itself.
/// </summary>
public sealed class CacheConnection(ConfigurationOptions options) : IDisposable
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
                _opening = ConnectionMultiplexer.ConnectAsync(options);
            }

            return _opening.WaitAsync(token);
        }
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
