using Candor.Contract;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Candor.Health;

/// <summary>
/// Asks the database through the app's own pool, as a handler would: so a pool that handlers have emptied is seen, and told apart
/// from a database that does not answer.
/// </summary>
internal sealed class PostgresCheck(NpgsqlDataSource source, IPoolStatistics pool, TimeSpan poolWait, TimeProvider time) : IHealthCheck, IExplainsWait
{
    private volatile bool _connected;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        _connected = false;
        var started = time.GetTimestamp();
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            _connected = true;
            var waited = time.GetElapsedTime(started);
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = "SELECT 1";
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            }

            return waited >= poolWait && pool.Read().IsFull
                ? CheckResults.Failed(context, Reason.PoolSaturated, $"waited {DurationText.Format(waited)} for a connection of the pool")
                : HealthCheckResult.Healthy();
        }
    }

    public (Reason Reason, string Detail) ExplainWait()
    {
        var use = pool.Read();
        return _connected ? (Reason.TimedOut, "connected, and the query is not answered")
            : use.IsFull ? (Reason.PoolSaturated, $"all {use.Maximum} connections of the pool are in use, {use.Waiting} callers wait")
            : (Reason.DependencyDown, "no connection could be made in time");
    }
}
