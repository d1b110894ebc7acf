using Candor.Contract;
using Candor.Orders.Storage;

namespace Candor.Orders.Queue;

/// <summary>
/// Work between database and queue that runs as long as the service: it begins once the tables are there, and a round
/// that failed is followed by another. Nothing it meets ends the service.
/// </summary>
public abstract class QueueWorker(Schema schema, HealthContract contract, TimeProvider time, ILogger log) : BackgroundService
{
    /// <summary>
    /// The pause after a round that found nothing, or failed: one freshness bound. Health looks no more often, and a repair shows as soon
    /// as health sees it.
    /// </summary>
    protected TimeSpan Pause { get; } = contract.Freshness;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>One round.</summary>
    /// <param name="stopping">Is cancelled when the service leaves.</param>
    protected abstract Task RoundAsync(CancellationToken stopping);

    /// <summary>Reports to health that a round failed.</summary>
    protected virtual void Report(Exception failure)
    {
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Created.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFailure(failure, "A round failed; retrying");
                Report(failure);
                await Task.Delay(Pause, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Logs a failure. An outage is reported by health, once, and logged at debug level; anything else is a bug.</summary>
    protected void LogFailure(Exception failure, string what)
    {
        if (QueueFailures.IsOutage(failure) || DatabaseFailures.IsOutage(failure) || failure is PoolSaturatedException)
        {
            log.Outage(failure, what);
        }
        else
        {
            log.Failed(failure, what);
        }
    }
}
