using System.Net.Sockets;
using Candor.Health.Checks;
using Candor.Health.RabbitMq;
using Candor.Orders.Resilience;
using Candor.Orders.Storage;
using Npgsql;
using Polly.Timeout;
using RabbitMQ.Client.Exceptions;

namespace Candor.Orders.Queue;

/// <summary>What goes wrong with the broker.</summary>
public sealed class QueueFailures : IGuardedFailures
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static QueueFailures Instance { get; } = new();

    /// <summary>Whether the failure is the broker's, and not a mistake of ours.</summary>
    public static bool IsOutage(Exception exception) => exception
        is RabbitMQClientException or CircuitOpenException or TimeoutRejectedException or TimeoutException
        or OperationCanceledException or SocketException or IOException or ObjectDisposedException or QueueBlockedException;

    /// <summary>The cause of a failed piece of work between database and queue, by whichever of the two it failed with.</summary>
    public static FailureCause CauseOfWork(Exception exception) =>
        DatabaseFailures.StateOf(exception) is not null || exception is PoolSaturatedException or NpgsqlException
        || (exception is CircuitOpenException open && open.Dependency == OrdersContract.Database)
            ? DatabaseFailures.Instance.CauseOf(exception) with { Dependency = OrdersContract.Database }
            : exception is RabbitMQClientException or QueueBlockedException or CircuitOpenException or IOException
            ? Instance.CauseOf(exception) with { Dependency = OrdersContract.Queue }
            : Instance.CauseOf(exception);

    /// <summary>Everything but what it refuses at once: such a refusal concerns one queue or one right, and costs nothing.</summary>
    public bool IsUnavailable(Exception exception) =>
        IsOutage(exception)
            && exception is not (PublishException or OperationInterruptedException { ShutdownReason.ReplyCode: >= 400 and < 500 });

    /// <inheritdoc />
    public FailureCause CauseOf(Exception exception) => exception switch
    {
        CircuitOpenException { OpenedBy: { } cause } => cause,
        QueueBlockedException blocked => blocked.Cause,
        TimeoutRejectedException or TimeoutException or OperationCanceledException => new(Reason.TimedOut),
        _ => RabbitMqFailures.CauseOf(exception) ?? new(IsOutage(exception) ? Reason.DependencyDown : Reason.CheckFailed),
    };
}

/// <summary>The broker takes nothing from publishers: it is short of memory or disk.</summary>
public sealed class QueueBlockedException(FailureCause cause) : Exception($"The broker blocks publishers: {cause}.")
{
    /// <summary>What it is short of.</summary>
    public FailureCause Cause { get; } = cause;
}
