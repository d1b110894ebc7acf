using Candor.Contract;
using Candor.Orders.Storage;

namespace Candor.Orders.Queue;

/// <summary>
/// Tells health how old the oldest open items are, whoever they wait for. Apart from those who work on them: one that hangs could not
/// tell that it does. While the database is away nothing is told, and what was open is taken to grow older.
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
