using System.Net;
using Candor.Health.Names;
using StackExchange.Redis;

namespace Candor.Orders.Cache;

/// <summary>
/// The one connection to Redis, opened when it is first needed: a cache that is away must not hold up the start. Once opened it
/// reconnects by itself, and where it does not see that it is dead, it is replaced.
/// </summary>
public sealed class CacheConnection(ConfigurationOptions options, HostLookup lookup) : IDisposable
{
    /// <summary>Unanswered commands in a row, on a connection that claims to be open, after which it is replaced.</summary>
    public const int UnansweredLimit = 2;

    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _opening;
    private int _unanswered;

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
    /// The connection for health: pinged here, so that a dead one is replaced even without traffic.
    /// </summary>
    public async Task<ConnectionMultiplexer> OpenAnsweringAsync(CancellationToken token)
    {
        var redis = await OpenAsync(token);
        await WatchAsync(redis, redis.GetDatabase().PingAsync(), token);
        return redis;
    }

    /// <summary>Waits for a command's answer, and replaces the connection when answers fail to come: behind a firewall that has lost its
    /// state the client would wait for them for minutes.</summary>
    public async Task<T> WatchAsync<T>(ConnectionMultiplexer redis, Task<T> command, CancellationToken token)
    {
        try
        {
            var answer = await command.WaitAsync(token);
            Interlocked.Exchange(ref _unanswered, 0);
            return answer;
        }
        catch (Exception unanswered) when (unanswered is OperationCanceledException or TimeoutException)
        {
            if (Interlocked.Increment(ref _unanswered) >= UnansweredLimit && redis.IsConnected)
            {
                Replace(redis);
            }

            throw;
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

    private void Replace(ConnectionMultiplexer dead)
    {
        lock (_gate)
        {
            if (_opening is not { IsCompletedSuccessfully: true } || _opening.Result != dead)
            {
                return;
            }

            _opening = null;
            _unanswered = 0;
        }

        // It ends what it waits for first, and that may take its time.
        _ = Task.Run(() => dead.CloseAsync(allowCommandsToComplete: false));
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
}
