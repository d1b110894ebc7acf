using Candor.Orders.Storage;

namespace Candor.Orders.Cache;

/// <summary>Reads one order: from the cache, else from the database.</summary>
public sealed class OrderReader(OrderCache cache, OrderStore store)
{
    /// <summary>The order with this id, or null.</summary>
    public async Task<Order?> FindAsync(Guid id)
    {
        if (await cache.FindAsync(id) is { } cached)
        {
            return cached;
        }

        var order = await store.FindAsync(id);
        if (order is not null)
        {
            // Not awaited: a slow cache must not slow down a read that did without it.
            _ = cache.KeepAsync(order);
        }

        return order;
    }
}
