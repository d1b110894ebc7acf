using System.Text;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Candor.SampleApp.Orders;

/// <summary>Carries the outbox to the queue, and processes what comes from it.</summary>
internal sealed class OrderWorker(
    OrderTable table, NpgsqlDataSource database, QueueClient queue, ILogger<OrderWorker> log) : BackgroundService
{
    public const string Queue = "orders";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private static readonly Action<ILogger, Exception?> _failed = LoggerMessage.Define(
        LogLevel.Warning, new EventId(1, "RoundFailed"), "A round failed; retrying");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ForeverAsync(() => table.CreateAsync(stoppingToken), once: true, stoppingToken);
        await ForeverAsync(() => ConsumeAsync(stoppingToken), once: true, stoppingToken);
        await ForeverAsync(() => PublishAsync(stoppingToken), once: false, stoppingToken);
    }

    private async Task ForeverAsync(Func<Task> round, bool once, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            try
            {
                await round();
                if (once)
                {
                    return;
                }
            }
            catch (Exception failure) when (!token.IsCancellationRequested)
            {
                _failed(log, failure);
            }

            await Task.Delay(_pause, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConsumeAsync(CancellationToken token)
    {
        var connection = await queue.OpenAsync(token);
        var channel = await connection.CreateChannelAsync(null, token);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: token);
        await channel.BasicQosAsync(0, 32, global: false, token);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            try
            {
                await using var command = database.CreateCommand(
                    "update orders set processed_at = coalesce(processed_at, now()) where id = $1");
                command.Parameters.AddWithValue(Guid.Parse(Encoding.ASCII.GetString(message.Body.Span)));
                await command.ExecuteNonQueryAsync(token);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, token);
            }
            catch (NpgsqlException failure)
            {
                _failed(log, failure);
                await Task.Delay(_pause, TimeProvider.System, token);
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, token);
            }
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, token);
    }

    private async Task PublishAsync(CancellationToken token)
    {
        var connection = await queue.OpenAsync(token);
        await using var channel = await connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), token);
        await using var open = await database.OpenConnectionAsync(token);
        await using var transaction = await open.BeginTransactionAsync(token);
        var orders = new List<Guid>();
        await using (var select = new NpgsqlCommand(
            "select order_id from outbox order by order_id limit 100 for update skip locked", open, transaction))
        await using (var reader = await select.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token))
            {
                orders.Add(reader.GetGuid(0));
            }
        }

        foreach (var order in orders)
        {
            await channel.BasicPublishAsync(
                string.Empty,
                Queue,
                mandatory: true,
                new BasicProperties { Persistent = true },
                Encoding.ASCII.GetBytes(order.ToString()),
                token);
        }

        await using var delete = new NpgsqlCommand(
            "delete from outbox where order_id = any($1)", open, transaction)
        { Parameters = { new() { Value = orders.ToArray() } } };
        await delete.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
    }
}
