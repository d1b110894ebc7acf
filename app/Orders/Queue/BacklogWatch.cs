using Candor.Contract;
using Candor.Orders.Storage;

namespace Candor.Orders.Queue;

/// <summary>
/// Reports to health how old the oldest open items are. Separate from the workers, because a worker that hangs could not
/// report that. While the database is unavailable nothing is reported, and open items are assumed to grow older.
/// </summary>
public sealed class BacklogWatch(
    Schema schema, HealthContract contract, Outbox outbox, BackgroundReports reports, TimeProvider time, ILogger<BacklogWatch> log)
    : QueueWorker(schema, contract, time, log)
{
    /// <inheritdoc />
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var ages = await outbox.ReadAgesAsync();
        reports.Deliver?.ReportOldest(ages.Unpublished);
        reports.Process?.ReportOldest(ages.Unprocessed);
        if (ages.Unprocessed is null)
        {
            reports.Process?.ReportProgress();
        }

        await Task.Delay(Pause, Time, stopping);
    }
}
