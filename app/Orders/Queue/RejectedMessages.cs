using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>
/// Puts messages that are no orders where a person finds them. By publishing, and not by the queue's dead-letter settings: somebody may
/// have made the queue again without them, and then a rejected message would be gone.
/// </summary>
public sealed class RejectedMessages(QueueConnection queue)
{
    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    /// <summary>Ends once the broker has confirmed it.</summary>
    public Task PutAsideAsync(ReadOnlyMemory<byte> body) => queue.RunAsync(async (connection, token) =>
    {
        await using var channel = await connection.CreateChannelAsync(Confirmed, token);
        await channel.BasicPublishAsync("", QueueNames.Rejected, mandatory: true, new BasicProperties { Persistent = true }, body, token);
        return true;
    });
}
