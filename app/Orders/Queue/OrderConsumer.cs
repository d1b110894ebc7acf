using System.Text;
using Candor.Contract;
using Candor.Orders.Storage;
using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>
/// Takes orders from the queue and marks them processed. A message may come twice; the database changes once. It is acknowledged
/// only after that, so the messages of a consumer that exits go to the next one.
/// </summary>
public sealed class OrderConsumer(
    Schema schema, HealthContract contract, QueueConnection queue, RejectedMessages rejected, OrderStore store, BackgroundReports reports,
    TimeProvider time,
    ILogger<OrderConsumer> log)
    : QueueWorker(schema, contract, time, log)
{
    private const ushort Prefetch = 32;

    // So that one order that waits for a lock does not hold up the others.
    private const ushort Concurrency = 4;

    // A broker need not report that a consumer is gone, and a dead connection cannot; checked this often it is back within seconds.
    private readonly TimeSpan _watch = contract.Freshness * 2;

    // Before it begins again after its queue was deleted: at once, and not as fast as a broker can cancel.
    private readonly TimeSpan _shortPause = contract.Freshness / 4;

    // Ends when the consumer does, or with the service; then what was not acknowledged goes back to the queue.
    /// <inheritdoc />
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        await using var channel = await queue.RunAsync(async (connection, token) =>
        {
            await QueueNames.EnsureAsync(connection, token);
            return await connection.CreateChannelAsync(new(false, false, consumerDispatchConcurrency: Concurrency), token);
        });
        var consumer = new Consumer(channel, HandleAsync);
        await queue.RunAsync(async (_, token) =>
        {
            await channel.BasicQosAsync(0, Prefetch, global: false, token);
            return await channel.BasicConsumeAsync(QueueNames.Orders, autoAck: false, consumer, token);
        });
        while (await IsConsumingAsync(channel, consumer, stopping))
        {
        }

        await Task.Delay(_shortPause, Time, stopping);
    }

    /// <inheritdoc />
    protected override void Report(Exception failure) => reports.Process?.ReportFailure(QueueFailures.CauseOfWork(failure));

    private async Task<bool> IsConsumingAsync(IChannel channel, Consumer consumer, CancellationToken stopping)
    {
        await Task.WhenAny(consumer.Ended, Task.Delay(_watch, Time, stopping));
        stopping.ThrowIfCancellationRequested();
        return !consumer.Ended.IsCompleted && await queue.RunAsync((_, token) => channel.ConsumerCountAsync(QueueNames.Orders, token)) > 0;
    }

    // Takes no token: what has begun is ended, and its deadline is short.
    private async Task HandleAsync(IChannel channel, ulong delivery, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (OrderMessage.Read(body.Span) is { } order && await store.ProcessAsync(order))
            {
                reports.Process?.ReportProgress();
            }
            else
            {
                await rejected.PutAsideAsync(body);
                log.MessageRejected(QueueNames.Rejected);
            }

            await channel.BasicAckAsync(delivery, multiple: false);
        }
        catch (Exception failure)
        {
            LogFailure(failure, "Returning an order to the queue");
            Report(failure);
            // Not awaited: others need not wait for the pause of this one. How many can be in it at once is bounded by the prefetch.
            _ = GiveBackAsync(channel, delivery);
        }
    }

    // After a pause, or the same few messages would go round as fast as the broker can.
    private async Task GiveBackAsync(IChannel channel, ulong delivery)
    {
        try
        {
            await Task.Delay(Pause, Time);
            await channel.BasicNackAsync(delivery, multiple: false, requeue: true);
        }
        catch (Exception ended) when (QueueFailures.IsOutage(ended))
        {
            // The channel is closed, and the broker has given the message back by itself.
        }
    }

    /// <summary>
    /// Passes messages to the handler, and completes <see cref="Ended"/> when the channel was closed or the broker cancelled the consumer.
    /// </summary>
    private sealed class Consumer(
        IChannel channel, Func<IChannel, ulong, ReadOnlyMemory<byte>, Task> handle) : AsyncDefaultBasicConsumer(channel)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public override Task HandleBasicDeliverAsync(
            string consumerTag,
            ulong deliveryTag,
            bool redelivered,
            string exchange,
            string routingKey,
            IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default) => handle(Channel, deliveryTag, body);

        // A queue that is deleted, or moved to another node, cancels its consumers.
        protected override Task OnCancelAsync(string[] consumerTags, CancellationToken cancellationToken = default)
        {
            _ended.TrySetResult();
            return base.OnCancelAsync(consumerTags, cancellationToken);
        }
    }
}

/// <summary>What stands in a message: the order's id. Everything else is read from the database, where it is true.</summary>
public static class OrderMessage
{
    /// <summary>The content type.</summary>
    public const string ContentType = "text/plain";

    /// <summary>The body for an order.</summary>
    public static byte[] Write(Guid order) => Encoding.ASCII.GetBytes(order.ToString());

    /// <summary>The order of a body, or null when it is none.</summary>
    public static Guid? Read(ReadOnlySpan<byte> body) => Guid.TryParse(Encoding.UTF8.GetString(body), out var order) ? order : null;
}
