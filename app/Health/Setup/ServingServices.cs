using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Liveness;
using Candor.Health.Management;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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
        services.AddSingleton<ICandorHealth, CandorHealth>();
        if (services.LastOrDefault(descriptor => descriptor.ServiceType == typeof(IHostLifetime)) is { } lifetime)
        {
            services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<IOptions<CandorOptions>>().Value.Lifetime
                ? ActivatorUtilities.CreateInstance<DrainingLifetime>(provider)
                : Instance<IHostLifetime>(provider, lifetime));
        }
        else
        {
            services.AddSingleton<IHostLifetime, DrainingLifetime>();
        }

        // What is left of the grace after the hold: the longest request, and half of the margin to end in.
        return services.Configure<HostOptions>(options => options.ShutdownTimeout = contract.Drain.RequestTimeout + contract.Drain.Margin / 2);
    }

    public static IServiceCollection AddServing(this IServiceCollection services, ListenAddress address, ManagementToken token)
    {
        services.AddSingleton(address);
        services.AddSingleton(token);
        services.AddSingleton<ServerPorts>();
        services.AddSingleton<ProbeAnswers>();
        services.AddSingleton<PublicEndpoints>();
        services.AddSingleton<DrainEndpoint>();
        services.AddSingleton<MetricSamples>();
        services.AddMetrics();
        services.AddSingleton<HealthMeter>();
        services.AddSingleton<MetricsWriter>();
        services.AddSingleton<ManagementEndpoints>();
        services.AddSingleton<OffPoolProbeResponder>();
        services.AddSingleton<ServerConnections>();
        services.AddSingleton<ProbeListenerFactory>();
        return services.AddSingleton<AnswerHealth>(provider =>
        {
            var management = provider.GetRequiredService<ManagementEndpoints>();
            var endpoints = provider.GetRequiredService<PublicEndpoints>();
            return features => management.TryAnswer(features) ?? endpoints.TryAnswer(features);
        });
    }

    /// <summary>For an app with a web server of its own.</summary>
    public static IServiceCollection AddToServer(this IServiceCollection services)
    {
        // Ours is for the public port only; a server that is added later would find it, and not add its own.
        services.TryAddSingleton<IConnectionListenerFactory, SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<ProbeListenerFactory>());
        services.AddSingleton<MappingGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<MappingGuard>());
        services.AddOptions<RateLimiterOptions>().PostConfigure(RateLimiterRejections.Mark);
        services.AddOptions<KestrelServerOptions>()
            .Configure<ServerPorts>((options, ports) => ports.Listen(options))
            .PostConfigure<ServerConnections>((options, open) => open.TakeLimit(options.Limits));

        // First in the list is outermost: before host filtering, which every web host adds.
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, OutermostFilter>());
        return services.AnswerBeforeHosting();
    }

    private static IServiceCollection AnswerBeforeHosting(this IServiceCollection services)
    {
        if (services.LastOrDefault(descriptor => descriptor.ServiceType == typeof(IServer)) is not { } server)
        {
            // An empty builder, whose server is added later. The middleware answers then.
            return services;
        }

        services.Remove(server);
        return services.AddSingleton<IServer>(provider => new HealthFirstServer(
            Instance<IServer>(provider, server), provider.GetRequiredService<AnswerHealth>(), provider.GetRequiredService<ServerPorts>()));
    }

    private static T Instance<T>(IServiceProvider provider, ServiceDescriptor descriptor) =>
        (T)(descriptor.ImplementationInstance
            ?? descriptor.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!));

    private sealed class OutermostFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<RequestMiddleware>();
            next(app);
        };
    }
}
