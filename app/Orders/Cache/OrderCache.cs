using Candor.Health.Checks;
using Candor.Health.Redis;
using Candor.Orders.Resilience;
using Candor.Orders.Storage;
using StackExchange.Redis;
using Order = Candor.Orders.Storage.Order;

namespace Candor.Orders.Cache;

/// <summary>
/// Orders by id in Redis, cache-aside. Only processed orders are kept, because only those never change: there is nothing to
/// invalidate, and no race that could leave an old state behind.
/// </summary>
public sealed class OrderCache(CacheConnection connection, Guard reads, Guard writes, CacheMonitor monitor, ILogger<OrderCache> log)
{
    /// <summary>What every key begins with.</summary>
    public const string KeyPrefix = "order:";

    private static readonly RedisKey TrialKey = KeyPrefix + "trial";
    private static readonly TimeSpan TrialKept = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The order, or null when it is not cached, what is cached cannot be used, or the cache is away.</summary>
    public async Task<Order?> FindAsync(Guid id)
    {
        try
        {
            var value = await reads.RunAsync(async token =>
            {
                var redis = await connection.OpenAsync(token);
                return await connection.WatchAsync(redis, redis.GetDatabase().StringGetAsync(Key(id)), token);
            });
            if (value.IsNull)
            {
                return null;
            }

            var order = CachedOrder.Read(value!, id);
            if (order is null)
            {
                Unusable(id, new(Reason.CheckFailed) { Condition = "invalid entry" });
            }

            return order;
        }
        catch (RedisServerException refused)
        {
            // The key holds something else than a text, or may not be read. Writing the order again replaces it.
            Unusable(id, RedisFailures.CauseOf(refused)!);
            return null;
        }
        catch (Exception away) when (CacheFailures.IsOutage(away))
        {
            return null;
        }
    }

    /// <summary>Keeps an order if it can never change again. Not awaited: a lost entry costs a query.</summary>
    public async Task KeepAsync(Order order)
    {
        if (order.Status != OrderStatus.Processed)
        {
            return;
        }

        try
        {
            await writes.RunAsync(async token =>
            {
                var redis = await connection.OpenAsync(token);
                return await connection.WatchAsync(
                    redis, redis.GetDatabase().StringSetAsync(Key(order.Id), CachedOrder.Write(order), Kept), token);
            });
        }
        catch (Exception away) when (CacheFailures.IsOutage(away))
        {
            // Health does the same write, and names what is wrong with it.
        }
    }

    /// <summary>The trial of the guard for reads.</summary>
    public async Task<bool> TryReadAsync(CancellationToken token)
    {
        var redis = await connection.OpenAsync(token);
        await connection.WatchAsync(redis, redis.GetDatabase().StringGetAsync(TrialKey), token);
        return true;
    }

    /// <summary>The trial of the guard for writes.</summary>
    public async Task<bool> TryWriteAsync(CancellationToken token)
    {
        var redis = await connection.OpenAsync(token);
        return await connection.WatchAsync(redis, redis.GetDatabase().StringSetAsync(TrialKey, "", TrialKept), token);
    }

    private void Unusable(Guid id, FailureCause cause)
    {
        monitor.Unusable(cause);
        log.EntryUnusable(id, cause);
    }

    private static RedisKey Key(Guid id) => $"{KeyPrefix}{id}";
}
