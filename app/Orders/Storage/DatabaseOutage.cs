using System.Net.Sockets;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Candor.Orders.Storage;

/// <summary>Tells a database that cannot serve from a statement that it refused for good reason.</summary>
public static class DatabaseOutage
{
    /// <summary>Whether the failure is the database's: it counts for the breaker, and the user may try again.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        PostgresException refused => IsOutage(refused.SqlState),
        NpgsqlException or TimeoutRejectedException or BrokenCircuitException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether the database's encoding cannot hold a text of the client: untranslatable character, or not in repertoire.</summary>
    public static bool IsRefusedText(Exception exception) => exception is PostgresException { SqlState: "22P05" or "22021" };

    // Classes: 08 connection, 28 authentication, 3D no such database, 53 resources, 57P shutdown, 58 system, XX internal.
    // 57014 is our own deadline, 25006 a standby that was promoted elsewhere.
    private static bool IsOutage(string state) =>
        state is "57014" or "25006" || state[..2] is "08" or "28" or "3D" or "53" or "58" or "XX" || state.StartsWith("57P", StringComparison.Ordinal);
}
