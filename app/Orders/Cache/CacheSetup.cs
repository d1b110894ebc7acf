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
        options.KeepAlive = 5;
        var services = builder.Services;
        services.AddSingleton(provider => new CacheConnection(options, provider.GetRequiredService<HostLookup>()));
        services.AddSingleton<CacheMonitor>();
        services.AddRedisSource(OrdersContract.Cache, provider => new(
            async token => await provider.GetRequiredService<CacheConnection>().OpenAnsweringAsync(token),
            $"{OrderCache.KeyPrefix}health:",
            () => provider.GetRequiredService<CacheMonitor>().Cause));
        services.AddGuards(
            settings.Contract,
            OrdersContract.Cache,
            CacheFailures.Instance,
            // Not by the check: that also says which entries could not be used of late.
            WorkKind.Read.TriedBy((provider, token) => provider.GetRequiredService<OrderCache>().TryReadAsync(token)),
            WorkKind.Write.TriedBy((provider, token) => provider.GetRequiredService<OrderCache>().TryWriteAsync(token)));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OrderCache>(
            provider, provider.Guard(OrdersContract.Cache, WorkKind.Read), provider.Guard(OrdersContract.Cache, WorkKind.Write)));
        services.AddSingleton<OrderReader>();
    }
}
