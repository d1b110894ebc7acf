using System.Collections.Concurrent;
using Candor.Orders.Storage;
using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>Carries the outbox to the queue: leases, publishes, waits for the broker's confirms, removes.</summary>
public sealed class OutboxPublisher(
    Schema schema, Outbox outbox, QueueConnection queue, OutboxSignal signal, TimeProvider time, ILogger<OutboxPublisher> log)
    : QueueWorker(schema, time, log)
{
    private const int Batch = 100;

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private IChannel? _channel;

    // Entries that another instance left behind are found by looking, so it looks without a signal too.
    /// <inheritdoc />
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (await DeliverAsync() < Batch)
        {
            await signal.WaitAsync(Pause, Time, stopping);
        }
    }

    // The queue is asked first: with it away nothing is leased.
    private async Task<int> DeliverAsync()
    {
        _channel = await queue.RunAsync(OpenAsync);
        var orders = await outbox.LeaseAsync(Batch);
        if (orders.Count == 0)
        {
            return 0;
        }

        var confirmed = new ConcurrentBag<Guid>();
        try
        {
            await queue.RunAsync(async (_, token) =>
            {
                await Task.WhenAll(orders.Select(order => PublishAsync(_channel, order, confirmed, token)));
                return true;
            });
        }
        finally
        {
            await outbox.EndAsync(confirmed, [.. orders.Except(confirmed)]);
        }

        return orders.Count;
    }

    private async Task<IChannel> OpenAsync(IConnection connection, CancellationToken token)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        var channel = await connection.CreateChannelAsync(Confirmed, token);
        await QueueNames.DeclareAsync(channel, token);
        return channel;
    }

    // Mandatory: a message that no queue takes is an error, not a message that is confirmed and gone.
    private static async Task PublishAsync(IChannel channel, Guid order, ConcurrentBag<Guid> confirmed, CancellationToken token)
    {
        var properties = new BasicProperties { Persistent = true, MessageId = order.ToString(), ContentType = OrderMessage.ContentType };
        await channel.BasicPublishAsync("", QueueNames.Orders, mandatory: true, properties, OrderMessage.Write(order), token);
        confirmed.Add(order);
    }
}
