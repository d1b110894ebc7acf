using System.Net.Sockets;
using Polly.CircuitBreaker;
using Polly.Timeout;
using RabbitMQ.Client.Exceptions;

namespace Candor.Orders.Queue;

/// <summary>Tells a queue that cannot serve from a mistake of ours.</summary>
public static class QueueOutage
{
    /// <summary>Whether the failure is the queue's.</summary>
    public static bool Is(Exception exception) => exception
        is RabbitMQClientException or TimeoutRejectedException or BrokenCircuitException or TimeoutException
        or OperationCanceledException or SocketException or IOException or ObjectDisposedException;
}
