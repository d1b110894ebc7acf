using System.Text.Json;
using Candor.Orders.Api;
using Candor.Orders.Storage;
using Polly;
using StackExchange.Redis;
using Order = Candor.Orders.Storage.Order;

namespace Candor.Orders.Cache;

/// <summary>
/// Orders by id in Redis, cache-aside. Only processed orders are kept, because only those never change: there is nothing to
/// invalidate, and no race that could leave an old state behind.
/// </summary>
public sealed class OrderCache(CacheConnection connection, ResiliencePipeline pipeline, ILogger<OrderCache> log)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The order, or null when it is not cached or the cache is away.</summary>
    public async Task<Order?> FindAsync(Guid id)
    {
        try
        {
            var value = await pipeline.ExecuteAsync(
                async token =>
                {
                    var redis = await connection.OpenAsync(token);
                    return await redis.GetDatabase().StringGetAsync(Key(id)).WaitAsync(token);
                },
                CancellationToken.None);
            return value.IsNull ? null : JsonSerializer.Deserialize((string)value!, OrdersJson.Default.Order);
        }
        catch (Exception away) when (CacheOutage.Is(away))
        {
            return null;
        }
        catch (JsonException)
        {
            log.LogWarning("Order {Order} is cached in a form that cannot be read, and is read from the database", id);
            return null;
        }
    }

    /// <summary>Keeps an order if it can never change again. Does not wait for the answer: a lost entry costs a query.</summary>
    public async Task KeepAsync(Order order)
    {
        if (order.Status != OrderStatus.Processed)
        {
            return;
        }

        try
        {
            await pipeline.ExecuteAsync(
                async token =>
                {
                    var redis = await connection.OpenAsync(token);
                    var json = JsonSerializer.Serialize(order, OrdersJson.Default.Order);
                    await redis.GetDatabase().StringSetAsync(Key(order.Id), json, Kept, When.Always, CommandFlags.FireAndForget);
                },
                CancellationToken.None);
        }
        catch (Exception away) when (CacheOutage.Is(away))
        {
        }
    }

    private static RedisKey Key(Guid id) => $"order:{id}";
}
