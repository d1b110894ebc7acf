using RabbitMQ.Client;
using StackExchange.Redis;

namespace Candor.Health;

/// <summary>Where the app's own Redis connection is. Not needed when an <see cref="IConnectionMultiplexer"/> is registered.</summary>
/// <param name="Connection">Gives the connection that handlers use; may connect, and may throw.</param>
public sealed record RedisSource(Func<CancellationToken, ValueTask<IConnectionMultiplexer>> Connection);

/// <summary>Where the app's own RabbitMQ connection is. Not needed when an <see cref="IConnection"/> is registered and there is no backlog limit.</summary>
/// <param name="Connection">Gives the connection that the app publishes on; may connect, and may throw.</param>
/// <param name="Queue">The queue whose backlog is asked for; null to ask for the broker only.</param>
public sealed record RabbitMqSource(Func<CancellationToken, ValueTask<IConnection>> Connection, string? Queue);

/// <summary>What to ask of an HTTP dependency.</summary>
/// <param name="Address">Asked with GET; 2xx and 3xx are well.</param>
/// <param name="Client">The client the app itself uses; null for one of the check's own.</param>
public sealed record HttpSource(Uri Address, HttpClient? Client = null);
