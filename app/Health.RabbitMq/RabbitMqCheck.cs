using System.Globalization;
using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Candor.Health.RabbitMq;

/// <summary>Asks RabbitMQ on the app's own connection how many messages wait in its queue (a passive declare changes nothing).</summary>
internal sealed class RabbitMqCheck(RabbitMqSource source, Dependency dependency) : IHealthCheck, ITimeoutDiagnostics
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connection = await source.Connection(cancellationToken).ConfigureAwait(false);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            if (source.Queue is null)
            {
                return HealthCheckResult.Healthy();
            }

            try
            {
                var queue = await channel.QueueDeclarePassiveAsync(source.Queue, cancellationToken).ConfigureAwait(false);
                return queue.MessageCount > dependency.BacklogLimit
                    ? CheckResults.Failed(context, Reason.Backlog, string.Create(CultureInfo.InvariantCulture, $"{queue.MessageCount} messages wait, limit {dependency.BacklogLimit}"))
                    : HealthCheckResult.Healthy();
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return CheckResults.Failed(context, Reason.DependencyDown, $"the queue \"{source.Queue}\" does not exist");
            }
        }
    }

    public (Reason Reason, string Detail) ExplainTimeout() => (Reason.DependencyDown, "the broker does not answer");
}
