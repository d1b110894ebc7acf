using System.Collections.Concurrent;
using System.Net;
using Candor.Health.Names;
using Candor.Orders.Cache;
using Candor.Orders.Queue;
using Candor.Orders.Resilience;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Candor.Health.Tests.Orders;

/// <summary>However often a connection is wanted whose name is not answered, one lookup of it blocks a thread, and none of the pool's.</summary>
public sealed class NameLookupTests : IDisposable
{
    private readonly ManualResetEventSlim _answer = new();
    private readonly ConcurrentQueue<(string Host, bool OfThePool)> _asked = new();
    private readonly HostLookup _lookup;

    private static Guard AnyGuard => new(OrdersContract.Default, OrdersContract.Queue, WorkKind.Read, QueueFailures.Instance, TimeProvider.System);

    public NameLookupTests() => _lookup = new(host =>
    {
        _asked.Enqueue((host, Thread.CurrentThread.IsThreadPoolThread));
        _answer.Wait();
        return [IPAddress.Loopback];
    });

    [Fact]
    public async Task Queue_whose_name_is_not_answered_is_looked_up_once()
    {
        await using var publish = new QueueConnection(new ConnectionFactory { HostName = "queue.example" }, _lookup, "publish", AnyGuard);
        await using var consume = new QueueConnection(new ConnectionFactory { HostName = "queue.example" }, _lookup, "consume", AnyGuard);

        await GiveUpOftenAsync(publish.OpenAsync);
        await GiveUpOftenAsync(consume.OpenAsync);

        Assert.Equal([("queue.example", false)], _asked);
    }

    [Fact]
    public async Task Cache_whose_name_is_not_answered_is_looked_up_once()
    {
        using var cache = new CacheConnection(ConfigurationOptions.Parse("cache.example:6379,abortConnect=false"), _lookup);

        await GiveUpOftenAsync(cache.OpenAsync);

        Assert.Equal([("cache.example", false)], _asked);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _answer.Set();
        _answer.Dispose();
    }

    private async Task GiveUpOftenAsync<T>(Func<CancellationToken, Task<T>> open)
    {
        for (var i = 0; i < 5; i++)
        {
            using var wait = new CancellationTokenSource();
            var opening = open(wait.Token);
            await Hosting.Eventually.TrueAsync(() => !_asked.IsEmpty, "the name is asked for");
            await wait.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        }
    }
}
