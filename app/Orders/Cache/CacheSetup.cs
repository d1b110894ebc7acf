using Candor.Contract;
using Candor.Health.Names;
using Candor.Health.Redis;
using Candor.Orders.Configuration;
using Candor.Orders.Resilience;

namespace Candor.Orders.Cache;

/// <summary>Puts the cache together.</summary>
public static class CacheSetup
{
    /// <summary>Adds the connection, its pipeline, and the reader on top of it.</summary>
    public static void AddCache(this WebApplicationBuilder builder, OrdersSettings settings)
    {
        var timeout = (int)Math.Ceiling(settings.Contract.Timeout(OrdersContract.Cache).TotalMilliseconds);
        var options = settings.Cache.Clone();
        // An address that does not answer is tried again in the background, not only at the start.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = timeout;
        options.SyncTimeout = timeout;
        options.ClientName = "orders";
        builder.Services.AddSingleton(provider => new CacheConnection(options, provider.GetRequiredService<HostLookup>()));
        builder.Services.AddRedisSource(OrdersContract.Cache, provider => new(
            async token => await provider.GetRequiredService<CacheConnection>().OpenAsync(token)));
        builder.Services.AddPipeline(settings.Contract, OrdersContract.Cache, CacheOutage.Is);
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OrderCache>(provider, provider.Pipeline(OrdersContract.Cache)));
        builder.Services.AddSingleton<OrderReader>();
    }
}
