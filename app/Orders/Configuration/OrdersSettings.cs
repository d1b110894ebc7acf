using Candor.Contract;
using Npgsql;
using StackExchange.Redis;

namespace Candor.Orders.Configuration;

/// <summary>The service's settings from outside, read and checked once, before a port is opened.</summary>
public sealed record OrdersSettings
{
    /// <summary>The health contract as written, and the speed.</summary>
    public required ContractEnvironment Environment { get; init; }

    /// <summary>The contract to run by: every duration divided by the speed.</summary>
    public HealthContract Contract => Environment.Effective;

    /// <summary>How to reach the database.</summary>
    public required NpgsqlConnectionStringBuilder Database { get; init; }

    /// <summary>
    /// The most connections that this instance opens to the database: the contract's number, or fewer if the connection string says so.
    /// </summary>
    public required int DatabaseConnections { get; init; }

    /// <summary>How to reach the cache.</summary>
    public required ConfigurationOptions Cache { get; init; }

    /// <summary>How to reach the queue: an <c>amqp</c> or <c>amqps</c> URI with user and password.</summary>
    public required Uri Queue { get; init; }
}
