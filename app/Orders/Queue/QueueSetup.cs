using Candor.Contract;
using Candor.Health.Names;
using Candor.Health.RabbitMq;
using Candor.Orders.Configuration;
using Candor.Orders.Resilience;
using Candor.Orders.Storage;
using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>Puts the queue together: publisher, consumer, and a connection for each.</summary>
/// <remarks>
/// Two connections, because a broker short of memory or disk stops reading from connections that publish; on a shared one the
/// consumer's acknowledgements would stop too, and the backlog that caused it could never shrink.
/// </remarks>
public static class QueueSetup
{
    private const string Publish = "publish";
    private const string Consume = "consume";

    /// <summary>Adds all of it.</summary>
    public static void AddQueue(this WebApplicationBuilder builder, OrdersSettings settings)
    {
        var services = builder.Services;
        var factory = Factory(settings);
        services.AddGuards(
            settings.Contract,
            OrdersContract.Queue,
            QueueFailures.Instance,
            // Not by the check: that also says what the last publication met, and would keep the next one from being tried.
            WorkKind.Write.TriedBy((provider, token) => provider.GetRequiredKeyedService<QueueConnection>(Publish).TryAsync(token)),
            WorkKind.Read.TriedBy((provider, token) => provider.GetRequiredKeyedService<QueueConnection>(Consume).TryAsync(token)));
        services.AddKeyedSingleton(Publish, (provider, _) => Connection(provider, factory, "orders-publish", WorkKind.Write));
        services.AddKeyedSingleton(Consume, (provider, _) => Connection(provider, factory, "orders-consume", WorkKind.Read));
        services.AddSingleton<PublishMonitor>();
        services.AddSingleton<BackgroundReports>();
        // The one that publishes: it is the one that a broker short of memory or disk stops reading from.
        services.AddRabbitMqSource(OrdersContract.Queue, provider => new(
            async token => await provider.GetRequiredKeyedService<QueueConnection>(Publish).OpenAsync(token), QueueNames.Orders)
        {
            Publishing = provider.GetRequiredService<PublishMonitor>(),
            Consumes = true,
        });
        services.AddSingleton(provider => new RejectedMessages(provider.GetRequiredKeyedService<QueueConnection>(Publish)));
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton(provider => new Outbox(provider.GetRequiredService<Database>(), Lease(settings.Contract)));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<OutboxPublisher>(
            provider, provider.GetRequiredKeyedService<QueueConnection>(Publish)));
        services.AddHostedService<BacklogWatch>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<OrderConsumer>(
            provider, provider.GetRequiredKeyedService<QueueConnection>(Consume)));
    }

    // As long as its holder can work on it: the answer to the lease, the publication, the mark that it is published. Not longer, for after
    // an outage in between the entry waits until its lease has run out; and were it too short, a message would be sent twice, and processed
    // once.
    private static TimeSpan Lease(HealthContract contract) =>
        (contract.Timeout(OrdersContract.Database) * 2) + contract.Timeout(OrdersContract.Queue);

    private static QueueConnection Connection(IServiceProvider provider, ConnectionFactory factory, string name, WorkKind work) =>
        new(factory, provider.GetRequiredService<HostLookup>(), name, provider.Guard(OrdersContract.Queue, work));

    private static ConnectionFactory Factory(OrdersSettings settings)
    {
        var timeout = settings.Contract.Timeout(OrdersContract.Queue);
        return new()
        {
            // It is dialled by address, and the certificate is the name's. Before the URI, which fills in the rest.
            Ssl = new() { ServerName = settings.Queue.Host },
            Uri = settings.Queue,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = timeout,
            HandshakeContinuationTimeout = timeout,
            ContinuationTimeout = timeout,
            // The shortest that counts in whole seconds and forgives one lost packet: it ends connections on which nothing is asked.
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
        };
    }
}
