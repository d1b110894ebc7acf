using Candor.Orders.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Candor.Orders.Queue;

/// <summary>
/// Takes orders from the queue and marks them processed. A message may come twice; the database changes once. It is acknowledged
/// only after that, so a consumer that dies leaves its messages to the next.
/// </summary>
public sealed class OrderConsumer(
    Schema schema, QueueConnection queue, OrderStore store, TimeProvider time, ILogger<OrderConsumer> log)
    : QueueWorker(schema, time, log)
{
    private const ushort Prefetch = 32;

    // Ends when the channel does, or with the service; then what was not acknowledged goes back to the queue.
    /// <inheritdoc />
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var channel = await queue.RunAsync((connection, token) => connection.CreateChannelAsync(null, token));
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => HandleAsync(channel, message);
        await queue.RunAsync(async (_, token) =>
        {
            await QueueNames.DeclareAsync(channel, token);
            await channel.BasicQosAsync(0, Prefetch, global: false, token);
            return await channel.BasicConsumeAsync(QueueNames.Orders, autoAck: false, consumer, token);
        });
        if (channel.IsOpen)
        {
            await closed.Task.WaitAsync(stopping);
        }
    }

    // Takes no token: what has begun is ended, and its deadline is short.
    private async Task HandleAsync(IChannel channel, BasicDeliverEventArgs message)
    {
        try
        {
            if (OrderMessage.Read(message.Body.Span) is { } order && await store.ProcessAsync(order))
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
                return;
            }

            log.LogWarning("A message names no order and was put aside in {Queue}", QueueNames.Rejected);
            await channel.BasicRejectAsync(message.DeliveryTag, requeue: false);
        }
        catch (Exception failure) when (!QueueOutage.Is(failure) || DatabaseOutage.Is(failure))
        {
            Tell(failure, "An order goes back to the queue");
            // After a pause, or the same few messages would go round as fast as the broker can.
            await Task.Delay(Pause, Time);
            await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true);
        }
    }
}
