using System.Net;
using Candor.Contract;
using Npgsql;

namespace Candor.Orders.Configuration;

/// <summary>Everything the service is told from outside, read and checked once, before a port is opened.</summary>
public sealed record OrdersSettings
{
    /// <summary>The health contract as written, and the speed.</summary>
    public required ContractEnvironment Environment { get; init; }

    /// <summary>The contract to run by: every duration divided by the speed.</summary>
    public HealthContract Contract => Environment.Effective;

    /// <summary>How to reach the database.</summary>
    public required NpgsqlConnectionStringBuilder Database { get; init; }

    /// <summary>The address to listen on. Default every IPv4 address.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Any;
}
