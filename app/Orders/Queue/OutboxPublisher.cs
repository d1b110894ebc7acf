using System.Collections.Concurrent;
using Candor.Contract;
using Candor.Health.RabbitMq;
using Candor.Orders.Storage;
using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>Carries the outbox to the queue: leases, publishes, waits for the broker's confirms, marks as published.</summary>
public sealed class OutboxPublisher(
    Schema schema, HealthContract contract, Outbox outbox, QueueConnection queue, PublishMonitor monitor, BackgroundReports reports,
    OutboxSignal signal,
    TimeProvider time, ILogger<OutboxPublisher> log)
    : QueueWorker(schema, contract, time, log)
{
    private const int Batch = 100;

    // How old a publication is, and unprocessed beside an empty queue, before its message counts as lost with its queue. With the default
    // freshness 5 s.
    private readonly TimeSpan _lostAfter = contract.Freshness * 5;

    // The same where other messages wait, which it may be among. Long, so that a backlog is not made longer. With the default freshness 5
    // min.
    private readonly TimeSpan _lostInBacklogAfter = contract.Freshness * 300;

    // The broker looks up rights once for a channel's life, so an old channel may still publish what a new one may not; users of
    // the next connection would be the first to notice.
    private readonly TimeSpan _channelLife = contract.Freshness * 5;

    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private IChannel? _channel;
    private long _openedAt;
    private long _lookedAt;

    // Entries that another instance left behind are found by looking, so it looks without a signal too.
    /// <inheritdoc />
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var delivered = await DeliverAsync();
        reports.Deliver?.ReportProgress();
        if (delivered < Batch)
        {
            await signal.WaitAsync(Pause, Time, stopping);
        }
    }

    /// <inheritdoc />
    protected override void Report(Exception failure) => reports.Deliver?.ReportFailure(QueueFailures.CauseOfWork(failure));

    // The queue is asked first: with it away nothing is leased.
    private async Task<int> DeliverAsync()
    {
        _channel = await AskAsync(OpenAsync);
        var orders = await outbox.LeaseAsync(Batch);
        if (orders.Count == 0)
        {
            orders = await LeaseLostAsync();
        }

        if (orders.Count == 0)
        {
            await ForgetFailureAsync();
            return 0;
        }

        var confirmed = new ConcurrentBag<Guid>();
        var refused = new ConcurrentBag<Exception>();
        try
        {
            await AskAsync(async (_, token) =>
            {
                await Task.WhenAll(orders.Select(order => PublishAsync(_channel, order, confirmed, refused, token)));
                return true;
            });
        }
        finally
        {
            await outbox.EndAsync(confirmed, [.. orders.Except(confirmed)]);
        }

        if (refused.TryPeek(out var refusal))
        {
            // Whatever the queue has become, the next round looks again.
            Close();
            monitor.Fail(QueueFailures.Instance.CauseOf(refusal));
            throw refusal;
        }

        monitor.Succeed();
        return orders.Count;
    }

    private async Task<List<Guid>> LeaseLostAsync()
    {
        if (Time.GetElapsedTime(_lookedAt) < _lostAfter / 2)
        {
            return [];
        }

        _lookedAt = Time.GetTimestamp();
        var waiting = await AskAsync((_, token) => _channel!.MessageCountAsync(QueueNames.Orders, token));
        return await outbox.LeaseOverdueAsync(Batch, waiting == 0 ? _lostAfter : _lostInBacklogAfter);
    }

    // What was refused may have been delivered by another instance since; then nothing is refused any more.
    private async Task ForgetFailureAsync()
    {
        if (monitor.Cause is not null && (await outbox.ReadAgesAsync()).Unpublished is null)
        {
            monitor.Succeed();
        }
    }

    private async Task<IChannel> OpenAsync(IConnection connection, CancellationToken token)
    {
        if (_channel is { IsOpen: true } && Time.GetElapsedTime(_openedAt) < _channelLife)
        {
            return _channel;
        }

        Close();
        await QueueNames.EnsureAsync(connection, token);
        _openedAt = Time.GetTimestamp();
        return await connection.CreateChannelAsync(Confirmed, token);
    }

    // Not awaited: on a connection that is blocked or dead it takes its time, and nothing depends on it.
    private void Close()
    {
        if (Interlocked.Exchange(ref _channel, null) is { } channel)
        {
            _ = Task.Run(async () => await channel.DisposeAsync());
        }
    }

    // One that is blocked stays so until the broker says otherwise, and asking again would only wait.
    private async Task<T> AskAsync<T>(Func<IConnection, CancellationToken, Task<T>> work)
    {
        try
        {
            return queue.Blocked is { } cause ? throw new QueueBlockedException(cause) : await queue.RunAsync(work);
        }
        catch (Exception failure) when (QueueFailures.IsOutage(failure))
        {
            monitor.Fail(QueueFailures.Instance.CauseOf(failure));
            throw;
        }
    }

    // Mandatory: a message that no queue takes comes back as a refusal, not as one that is confirmed and gone.
    private static async Task PublishAsync(
        IChannel channel, Guid order, ConcurrentBag<Guid> confirmed, ConcurrentBag<Exception> refused, CancellationToken token)
    {
        var properties = new BasicProperties { Persistent = true, MessageId = order.ToString(), ContentType = OrderMessage.ContentType };
        try
        {
            await channel.BasicPublishAsync("", QueueNames.Orders, mandatory: true, properties, OrderMessage.Write(order), token);
            confirmed.Add(order);
        }
        catch (Exception refusal) when (QueueFailures.IsOutage(refusal) && refusal is not OperationCanceledException)
        {
            // One that is refused must not keep the others from being told apart as confirmed.
            refused.Add(refusal);
        }
    }
}
