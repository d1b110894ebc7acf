using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Names;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>
/// Asks the database through the app's own pool, as a handler would: so a pool that handlers have emptied is seen, and told apart
/// from a database that does not answer, and that from one that answers too late.
/// </summary>
internal sealed class PostgresCheck(
    NpgsqlDataSource source, NpgsqlPool pool, TimeSpan timeout, TimeSpan poolWait, HostLookup lookup, TimeProvider time, ILogger log)
    : IHealthCheck, ITimeoutDiagnostics, IPoolStatistics, IDisposable
{
    // Another pool appears with the first request that uses it, so one look is not enough, and one each time too many.
    private const int LookEvery = 10;
    // Deadlines for which the server is given time to answer at all, so that one that is slow is told apart from one that is gone.
    private const int LateLimit = 20;

    private readonly PostgresReach _reach = new(source.ConnectionString, lookup);
    private volatile bool _connected;
    private volatile bool _lateBefore;
    private volatile Task<bool>? _answers;
    private Task<bool> _looking = Task.FromResult(false);
    private bool _warned;
    private int _looks;

    public string Dependency => pool.Dependency;

    public PoolUse Read() => pool.Read();

    public void Dispose() => pool.Dispose();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        _connected = false;
        _answers = null;
        var started = time.GetTimestamp();
        var opening = source.OpenConnectionAsync(cancellationToken).AsTask();
        await LookWhileWaitingAsync(opening).ConfigureAwait(false);
        var connection = await opening.ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            _connected = true;
            var waited = time.GetElapsedTime(started);
            await AskAsync(connection, cancellationToken).ConfigureAwait(false);
            _lateBefore = time.GetElapsedTime(started) > timeout;
            WarnOfSecondPool();
            return waited >= poolWait && pool.Read().IsFull
                ? CheckResults.Failed(context, Reason.PoolSaturated, $"waited {DurationText.Format(waited)} for a connection of the pool")
                : HealthCheckResult.Healthy();
        }
    }

    public (Reason Reason, string Detail) ExplainTimeout()
    {
        var use = pool.Read();
        if (_lateBefore)
        {
            // First, for a slow server also fills the pool.
            return (Reason.TimedOut, "the server answers, but too late");
        }

        if (!_connected)
        {
            return use.IsFull
                ? (Reason.PoolSaturated, $"all {use.Maximum} connections of the pool are in use, {use.Waiting} callers wait")
                : (Reason.DependencyDown, "no connection could be made in time");
        }

        return _answers is { IsCompletedSuccessfully: true, Result: true }
            ? (Reason.TimedOut, "the server answers, and the query does not in time")
            : (Reason.DependencyDown, "neither the query nor a new connection is answered");
    }

    private void WarnOfSecondPool()
    {
        if (_warned || _looks++ % LookEvery != 0)
        {
            return;
        }

        pool.Read();
        if (pool.Pools > 1)
        {
            _warned = true;
            log.SeveralPools(pool.Pools, pool.Dependency);
        }
    }

    private async Task AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = "SELECT 1";
            var query = pool.RecognizeAsync(() => command.ExecuteScalarAsync(cancellationToken));
            await LookWhileWaitingAsync(query).ConfigureAwait(false);
            await query.ConfigureAwait(false);
        }
    }

    // When half of the time is over, the server is asked whether it answers at all. Only one such question at a time, and it may outlast
    // the check.
    private async Task LookWhileWaitingAsync(Task work)
    {
        try
        {
            await work.WaitAsync(timeout / 2, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            if (_looking.IsCompleted)
            {
                _looking = LookAsync();
            }

            _answers = _looking;
        }
    }

    private async Task<bool> LookAsync()
    {
        using var limit = new CancellationTokenSource(timeout * LateLimit, time);
        var started = time.GetTimestamp();
        var answers = await _reach.AnswersAsync(limit.Token).ConfigureAwait(false);
        if (answers && time.GetElapsedTime(started) > timeout)
        {
            _lateBefore = true;
        }

        return answers;
    }
}
