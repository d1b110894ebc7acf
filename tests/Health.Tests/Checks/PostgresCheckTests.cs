using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Health.Postgres;
using Candor.Testing.Network;
using Candor.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Candor.Health.Tests.Checks;

/// <summary>F201 to F205 as the check itself sees them, against a real PostgreSQL behind a proxy.</summary>
public sealed class PostgresCheckTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(600);
    private PostgresServer _server = null!;
    private TcpProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;
    private NpgsqlPool _pool = null!;
    private Evaluator _engine = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _proxy = TcpProxy.Start(_server.Port);
        Connect(_server.ConnectionString(port: _proxy.Port) + ";Maximum Pool Size=2");
    }

    public void Dispose()
    {
        _engine.Dispose();
        _pool.Dispose();
        _source.Dispose();
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task F205_exhausted_pool_is_saturated_and_its_use_can_be_read()
    {
        await SaysAsync(Reason.None);
        await using (await _source.OpenConnectionAsync())
        await using (await _source.OpenConnectionAsync())
        {
            Assert.Equal((2, 2), (_pool.Read().InUse, _pool.Read().Maximum));
            Assert.Equal(Reason.PoolSaturated, (await _engine.EvaluateAsync()).Checks[0].Reason);
        }

        await SaysAsync(Reason.None);
        Assert.False(_pool.Read().IsFull);
    }

    [Fact]
    public async Task F201_refused_connection_is_dependency_down_and_comes_back()
    {
        await SaysAsync(Reason.None);
        _proxy.Refuse();
        await SaysAsync(Reason.DependencyDown);
        _proxy.Heal();
        await SaysAsync(Reason.None);
    }

    [Fact]
    public async Task F202_silence_on_a_warm_connection_is_dependency_down()
    {
        await SaysAsync(Reason.None);
        _proxy.Silence();

        Assert.Equal(Reason.DependencyDown, (await _engine.EvaluateAsync()).Checks[0].Reason);
    }

    [Fact]
    public async Task F203_database_that_answers_too_late_is_timed_out_once_it_was_heard_from()
    {
        await SaysAsync(Reason.None);
        _proxy.Delay(Timeout * 2);

        await SaysAsync(Reason.TimedOut);
        _proxy.Heal();
        await SaysAsync(Reason.None);
    }

    [Fact]
    public async Task F203_server_to_which_no_connection_can_be_made_in_time_is_timed_out_once_it_was_heard_from()
    {
        await SaysAsync(Reason.None);
        _proxy.Delay(Timeout * 1.5);
        _proxy.Cut();

        await SaysAsync(Reason.TimedOut);
        _proxy.Heal();
        await SaysAsync(Reason.None);
    }

    [Fact]
    public async Task F203_query_that_waits_while_the_server_answers_others_is_timed_out_at_once()
    {
        // The pool's one warm connection is stuck behind a lock of the server's making: its process is stopped.
        await SaysAsync(Reason.None);
        var backend = await PidAsync();
        await Candor.Testing.Processes.Signals.StopAsync(backend);

        var report = (await _engine.EvaluateAsync()).Checks[0];
        Candor.Testing.Processes.Signals.Send(backend, Candor.Testing.Processes.Signals.Continue);

        Assert.Equal(Reason.TimedOut, report.Reason);
    }

    [Fact]
    public async Task F204_wrong_password_is_authentication_and_is_not_shown()
    {
        Dispose();
        Connect(_server.ConnectionString().Replace(PostgresServer.Password, "wrong-hunter2", StringComparison.Ordinal));

        var report = (await _engine.EvaluateAsync()).Checks[0];

        Assert.Equal(Reason.Authentication, report.Reason);
        Assert.DoesNotContain("hunter2", report.Detail, StringComparison.Ordinal);
    }

    private void Connect(string connectionString)
    {
        _source = NpgsqlDataSource.Create(connectionString);
        _pool = new("database", _source);
        var check = new PostgresCheck(_source, _pool, Timeout, TimeSpan.FromSeconds(30), new(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        _engine = Evaluation.TestChecks.Engine([new("database", check, HealthStatus.Unhealthy, null, Timeout)], budget: new() { Margin = TimeSpan.FromSeconds(30) },
            services: new ServiceCollection().AddCandorPostgres().BuildServiceProvider());
    }

    private async Task<int> PidAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        return connection.ProcessID;
    }

    private Task SaysAsync(Reason reason) => Hosting.Eventually.TrueAsync(async () => (await _engine.EvaluateAsync()).Checks[0].Reason == reason, $"the check says {reason}");
}
