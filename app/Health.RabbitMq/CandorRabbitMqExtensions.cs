using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace Candor.Health.RabbitMq;

/// <summary>Adds the check for RabbitMQ.</summary>
public static class CandorRabbitMqExtensions
{
    /// <summary>
    /// Checks dependencies of kind <c>rabbitMq</c> through the app's own connection: the registered <see cref="IConnection"/>, keyed
    /// with the dependency's name or not keyed, or what <see cref="AddRabbitMqSource"/> gives.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCandorRabbitMq(this IServiceCollection services) =>
        services.AddDependencyKind<RabbitMqKind>().AddFailureClassifier<RabbitMqFailures>();

    /// <summary>The app's own RabbitMQ connection, and the queue whose backlog matters.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="source">Gives the connection.</param>
    public static IServiceCollection AddRabbitMqSource(
        this IServiceCollection services, string dependency, Func<IServiceProvider, RabbitMqSource> source) =>
        services.AddCandorRabbitMq().AddKeyedSingleton(dependency, (provider, _) => source(provider));
}

/// <summary>
/// Where the app's own RabbitMQ connection is. Not needed when an <see cref="IConnection"/> is registered and there is no backlog limit.
/// </summary>
/// <param name="Connection">Gives the connection that the app publishes on; may connect, and may throw.</param>
/// <param name="Queue">The queue whose backlog is asked for; null to ask for the broker only.</param>
public sealed record RabbitMqSource(Func<CancellationToken, ValueTask<IConnection>> Connection, string? Queue)
{
    /// <summary>Where the app says how its last publication fared; null when it does not.</summary>
    public PublishMonitor? Publishing { get; init; }

    /// <summary>Whether the queue must have a consumer: then being without one for a while is a failure. Default false.</summary>
    public bool Consumes { get; init; }
}

/// <summary>RabbitMQ, checked through the app's own connection.</summary>
internal sealed class RabbitMqKind : IDependencyKind
{
    public string Kind => DependencyKind.RabbitMq;

    public IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services) =>
        new RabbitMqCheck(
            services.GetKeyedService<RabbitMqSource>(dependency.Name)
                ?? Of(dependency, services), dependency, services.GetRequiredService<TimeProvider>());

    private static RabbitMqSource Of(Dependency dependency, IServiceProvider services)
    {
        if (dependency.BacklogLimit is not null)
        {
            throw Connection.Missing(
                dependency, nameof(RabbitMqSource), "services.AddRabbitMqSource(...), which names the queue that the backlog limit is for");
        }

        var connection = Connection.Find<IConnection>(services, dependency, "services.AddRabbitMqSource(...)");
        return new(_ => new(connection), null);
    }
}
