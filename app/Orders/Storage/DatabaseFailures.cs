using System.Net.Sockets;
using Candor.Health.Checks;
using Candor.Health.Postgres;
using Candor.Orders.Resilience;
using Npgsql;
using Polly.Timeout;

namespace Candor.Orders.Storage;

/// <summary>What goes wrong with the database, by the table of SQLSTATEs (docs/sqlstates.md) and by what the driver meets.</summary>
public sealed class DatabaseFailures : IGuardedFailures
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static DatabaseFailures Instance { get; } = new();

    /// <summary>The SQLSTATE that the server answered with, or null when it did not answer.</summary>
    public static SqlState? StateOf(Exception exception) => exception is PostgresException refused ? SqlState.Of(refused.SqlState) : null;

    /// <summary>Whether the request was right and may be sent again: the database cannot serve it now.</summary>
    public static bool IsOutage(Exception exception) => StateOf(exception) is { } state
        ? state.Kind == SqlFailureKind.Outage
        : exception is CircuitOpenException { Dependency: OrdersContract.Database } || IsUnanswered(exception);

    /// <summary>Whether the connection was lost, as opposed to an answer that says no.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is PostgresException { SqlState: "57P01" or "57P02" }
        || IsLostInUse(exception)
        || (exception is NpgsqlException and not PostgresException && exception.InnerException is IOException or SocketException);

    /// <summary>Whether a connection could not be made because the port is not open (yet), or the server starts or stops.</summary>
    public static bool IsRestarting(NpgsqlException exception) =>
        exception is PostgresException { SqlState: "57P01" or "57P03" }
        || (exception is not PostgresException && exception.InnerException
            is IOException or SocketException { SocketErrorCode: SocketError.ConnectionRefused });

    /// <summary>Whether there was no answer at all.</summary>
    public static bool IsUnanswered(Exception exception) =>
        exception is (NpgsqlException and not PostgresException) or TimeoutRejectedException or SocketException or TimeoutException
        || IsLostInUse(exception);

    /// <inheritdoc />
    public bool IsUnavailable(Exception exception) => StateOf(exception) is { } state ? state.Unavailable : IsUnanswered(exception);

    /// <inheritdoc />
    public FailureCause CauseOf(Exception exception) => exception switch
    {
        PostgresException refused => PostgresFailures.CauseOf(refused),
        CircuitOpenException { OpenedBy: { } cause } => cause,
        CircuitOpenException => new(Reason.CircuitOpen),
        TimeoutRejectedException or TimeoutException or NpgsqlException { InnerException: TimeoutException } => new(Reason.TimedOut),
        PoolSaturatedException => new(Reason.PoolSaturated),
        _ when IsOutOfDescriptors(exception) => new(Reason.Descriptors),
        NpgsqlException or SocketException or ObjectDisposedException => new(Reason.DependencyDown),
        _ => new(Reason.CheckFailed),
    };

    // The driver disposes of a connection that is reset, and a statement that begins at that moment meets what it disposed of.
    private static bool IsLostInUse(Exception exception) =>
        exception is ObjectDisposedException { ObjectName: "System.Threading.ManualResetEventSlim" };

    // This process has none left for another connection; the database has nothing to do with it.
    private static bool IsOutOfDescriptors(Exception exception) =>
        (exception as SocketException ?? exception.InnerException as SocketException)?.SocketErrorCode == SocketError.TooManyOpenSockets;
}
