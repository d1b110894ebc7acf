using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>The queues, and how they are declared. Both are durable: what is confirmed survives a restart of the broker.</summary>
public static class QueueNames
{
    /// <summary>Accepted orders on their way to processing; its length is the backlog that health watches.</summary>
    public const string Orders = "orders";

    /// <summary>Messages that are no orders. A person must look at them; they are never dropped.</summary>
    public const string Rejected = "orders.rejected";

    /// <summary>Declares both; does nothing when they are there.</summary>
    public static async Task DeclareAsync(IChannel channel, CancellationToken token)
    {
        await channel.QueueDeclareAsync(Rejected, durable: true, exclusive: false, autoDelete: false, cancellationToken: token);
        await channel.QueueDeclareAsync(
            Orders,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = Rejected },
            cancellationToken: token);
    }
}
