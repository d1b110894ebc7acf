using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Liveness;
using Candor.Health.Management;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Candor.Health.Setup;

/// <summary>The server: its two ports, what is answered before hosting, and how it leaves.</summary>
internal static class ServingServices
{
    public static IServiceCollection AddDrain(this IServiceCollection services, HealthContract contract)
    {
        services.AddSingleton<DrainState>();
        services.AddSingleton<ProberLedger>();
        services.AddSingleton<Traffic>();
        services.AddSingleton<Drainer>();
        services.AddSingleton<DrainStarter>();
        services.AddSingleton<IHostLifetime, DrainingLifetime>();

        // What is left of the grace after the hold: the longest request, and half of the margin to end in.
        return services.Configure<HostOptions>(options => options.ShutdownTimeout = contract.Drain.RequestTimeout + contract.Drain.Margin / 2);
    }

    public static IServiceCollection AddServing(this IServiceCollection services, HealthContract contract, ListenAddress address, ManagementToken token)
    {
        services.AddSingleton(address);
        services.AddSingleton(new ManagementPort(contract.ManagementPort));
        services.AddSingleton(token);
        services.AddSingleton<ProbeAnswers>();
        services.AddSingleton<PublicEndpoints>();
        services.AddSingleton<DrainEndpoint>();
        services.AddSingleton<MetricSamples>();
        services.AddSingleton<MetricsWriter>();
        services.AddSingleton<ManagementEndpoints>();
        services.AddSingleton<OffPoolProbeResponder>();
        services.AddSingleton<ServerConnections>();
        services.AddSingleton<DescriptorUse>();
        services.AddSingleton<IConnectionListenerFactory, ProbeListenerFactory>();
        services.AddSingleton<MappingGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<MappingGuard>());
        services.AddOptions<RateLimiterOptions>().PostConfigure(RateLimiterRejections.Mark);
        services.AddOptions<KestrelServerOptions>().PostConfigure<ServerConnections>((options, open) => open.TakeLimit(options.Limits));

        // First in the list is outermost: before host filtering, which every web host adds.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, OutermostFilter>());
        services.Configure<KestrelServerOptions>(options =>
        {
            options.Listen(address.Address, contract.Port);
            options.Listen(address.Address, contract.ManagementPort);
            options.Limits.KeepAliveTimeout = contract.Balancer.KeepAlive;
        });
        return services.AnswerBeforeHosting();
    }

    private static IServiceCollection AnswerBeforeHosting(this IServiceCollection services)
    {
        var server = services.Last(descriptor => descriptor.ServiceType == typeof(IServer));
        services.Remove(server);
        return services.AddSingleton<IServer>(provider => new HealthFirstServer(
            (IServer)(server.ImplementationInstance
                ?? server.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, server.ImplementationType!)),
            provider.GetRequiredService<PublicEndpoints>(),
            provider.GetRequiredService<ManagementEndpoints>()));
    }

    private sealed class OutermostFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<RequestMiddleware>();
            next(app);
        };
    }
}
