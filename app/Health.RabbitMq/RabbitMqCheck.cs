using System.Globalization;
using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Candor.Health.RabbitMq;

/// <summary>
/// Does on the app's own connection what the app does, and takes it back: publishes in a transaction that is rolled back, so that a
/// lost right and an alarm show although nobody orders anything; and asks how many messages and consumers the queue has. What only a
/// real publication meets (a full queue that rejects, a message that no queue takes) the app tells through its
/// <see cref="PublishMonitor"/>.
/// </summary>
internal sealed class RabbitMqCheck(RabbitMqSource source, Dependency dependency, TimeProvider time) : IHealthCheck, ITimeoutDiagnostics
{
    /// <summary>
    /// How long a queue may be without a consumer: longer than the app needs to come back to a queue that was made again.
    /// </summary>
    public static readonly TimeSpan UnconsumedFor = TimeSpan.FromSeconds(10);

    private IConnection? _watched;
    private volatile FailureCause? _blocked;
    private volatile TaskCompletionSource _alarm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _unconsumedSince;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connection = await source.Connection(cancellationToken).ConfigureAwait(false);
        Watch(connection);
        if (_blocked is { } alarm)
        {
            // The broker reads nothing more from a connection that it blocks, so asking would only run into the deadline.
            return CheckResults.Failed(context, alarm);
        }

        if (source.Publishing?.Cause is { } refusal)
        {
            return CheckResults.Failed(context, refusal, "the app's last publication failed");
        }

        var asking = AskAsync(context, connection, cancellationToken);
        if (await Task.WhenAny(asking, _alarm.Task).ConfigureAwait(false) != asking && _blocked is { } begun)
        {
            // It ends by itself, once the connection is read from again or is closed.
            _ = asking.ContinueWith(
                static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return CheckResults.Failed(context, begun);
        }

        try
        {
            return await asking.ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return CheckResults.Failed(context, RabbitMqFailures.CauseOf(exception)!, $"the queue \"{source.Queue}\" does not exist");
        }
    }

    public (Reason Reason, string Detail) ExplainTimeout() =>
        (Reason.DependencyDown, _blocked is { } alarm ? $"the broker blocks publishers: {alarm}" : "the broker does not answer");

    private async Task<HealthCheckResult> AskAsync(HealthCheckContext context, IConnection connection, CancellationToken token)
    {
        // A channel of its own each time: rights are looked up once for a channel's life.
        var channel = await connection.CreateChannelAsync(cancellationToken: token).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            return source.Queue is { } queue
                ? await AskAsync(context, channel, queue, token).ConfigureAwait(false)
                : HealthCheckResult.Healthy();
        }
    }

    private async Task<HealthCheckResult> AskAsync(HealthCheckContext context, IChannel channel, string queue, CancellationToken token)
    {
        await channel.TxSelectAsync(token).ConfigureAwait(false);
        await channel.BasicPublishAsync("", queue, mandatory: false, new BasicProperties(), ReadOnlyMemory<byte>.Empty, token)
            .ConfigureAwait(false);
        await channel.TxRollbackAsync(token).ConfigureAwait(false);
        var state = await channel.QueueDeclarePassiveAsync(queue, token).ConfigureAwait(false);
        if (source.Consumes && state.ConsumerCount == 0)
        {
            _unconsumedSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_unconsumedSince.Value) >= UnconsumedFor)
            {
                return CheckResults.Failed(
                    context,
                    new FailureCause(Reason.NoProgress) { Condition = "no consumer" },
                    $"nobody consumes from the queue \"{queue}\"");
            }
        }
        else
        {
            _unconsumedSince = null;
        }

        return state.MessageCount > dependency.BacklogLimit
            ? CheckResults.Failed(
                context,
                Reason.Backlog,
                string.Create(CultureInfo.InvariantCulture, $"{state.MessageCount} messages wait, limit {dependency.BacklogLimit}"))
            : HealthCheckResult.Healthy();
    }

    // Once for each connection: what the broker tells it about alarms.
    private void Watch(IConnection connection)
    {
        if (Interlocked.Exchange(ref _watched, connection) == connection)
        {
            return;
        }

        Block(null);
        connection.ConnectionBlockedAsync += (_, blocked) => Set(connection, RabbitMqFailures.AlarmOf(blocked.Reason));
        connection.ConnectionUnblockedAsync += (_, _) => Set(connection, null);
    }

    private Task Set(IConnection connection, FailureCause? cause)
    {
        if (Volatile.Read(ref _watched) == connection)
        {
            Block(cause);
        }

        return Task.CompletedTask;
    }

    private void Block(FailureCause? cause)
    {
        _blocked = cause;
        if (cause is not null)
        {
            _alarm.TrySetResult();
        }
        else if (_alarm.Task.IsCompleted)
        {
            _alarm = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
