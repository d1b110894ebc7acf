using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Candor.Orders.Queue;

/// <summary>The queues, and how they are declared. Both are durable: what is confirmed survives a restart of the broker.</summary>
public static class QueueNames
{
    /// <summary>Accepted orders on their way to processing; its length is the backlog that health watches.</summary>
    public const string Orders = "orders";

    /// <summary>Messages that are no orders. A person must look at them; they are never dropped.</summary>
    public const string Rejected = "orders.rejected";

    /// <summary>
    /// Declares what is missing. A queue that is there is used as it is: somebody may have made it again with other arguments, and
    /// declaring it with ours would be refused for ever.
    /// </summary>
    public static async Task EnsureAsync(IConnection connection, CancellationToken token)
    {
        await EnsureAsync(connection, Rejected, null, token);
        await EnsureAsync(
            connection, Orders, new Dictionary<string, object?>
            {
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = Rejected,
            }, token);
    }

    private static async Task EnsureAsync(
        IConnection connection, string queue, Dictionary<string, object?>? arguments, CancellationToken token)
    {
        await using (var looking = await connection.CreateChannelAsync(null, token))
        {
            try
            {
                await looking.QueueDeclarePassiveAsync(queue, token);
                return;
            }
            catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                // The broker closes the channel for it, so the declaration needs another.
            }
        }

        await using var channel = await connection.CreateChannelAsync(null, token);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: token);
    }
}
