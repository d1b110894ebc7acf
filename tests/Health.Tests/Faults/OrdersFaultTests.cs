using System.Net;
using System.Net.Http.Json;
using Candor.Contract;
using Candor.Health.Tests.Orders;
using Candor.Testing.Network;
using Candor.Testing.Privileges;
using Candor.Testing.Processes;
using Npgsql;

namespace Candor.Health.Tests.Faults;

/// <summary>What breaks around Orders. Each test states the truth (do users' requests fail?) and the verdict.</summary>
[Collection(FaultTests.Name)]
public sealed class OrdersFaultTests(OrdersServers servers)
{
    private const string Database = OrdersContract.Database;
    private const string Cache = OrdersContract.Cache;
    private const string Queue = OrdersContract.Queue;

    [Fact]
    public async Task F201_database_refuses_and_health_says_dependency_down_until_it_is_back()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        network.Database.Refuse();

        var verdict = await orders.SaysAsync(answer => !answer.Ready, orders.OneEvaluation());
        var failed = await orders.FailedOfAsync(3, "/orders?limit=1");
        network.Database.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + orders.Contract.Watchdog.ReadmissionDelay);

        Assert.Equal(3, failed);
        Assert.Equal("dependency down", verdict.ReasonOf(Database));
        Assert.Equal("not ready", verdict.Status);
    }

    [Fact]
    public async Task F202_database_silent_on_warm_connections_is_seen_within_the_deadline()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => orders.FailedOfAsync(3, "/orders?limit=1")));
        network.Database.Silence();

        var verdict = await orders.SaysAsync(answer => !answer.Ready && answer.ReasonOf(Database) is not null, orders.OneEvaluation());
        var failed = await orders.FailedOfAsync(1, "/orders?limit=1");
        var slowest = (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => orders.AskAsync()))).Max(answer => answer.Took);
        network.Database.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + orders.Contract.Watchdog.ReadmissionDelay);

        Assert.Equal(1, failed);
        Assert.Contains(verdict.ReasonOf(Database), new[] { "timed out", "dependency down" });
        Assert.True(slowest < orders.Contract.Balancer.Timeout, $"A prober waited for {slowest}.");
    }

    [Fact]
    public async Task F202_silence_under_load_leaves_no_connection_behind()
    {
        await using var network = await NetworkAsync();
        var connections = network.Connections();
        connections[Database] = new NpgsqlConnectionStringBuilder(connections[Database]) { MaxPoolSize = 4 }.ConnectionString;
        await using var orders = await network.StartAsync(connections);
        network.Database.Silence();

        var failed = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => orders.FailedOfAsync(2, "/orders?limit=1")));
        network.Database.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + (2 * orders.Contract.Watchdog.ReadmissionDelay));

        Assert.Equal(24, failed.Sum());
        Assert.Equal(0, await orders.FailedOfAsync(12, "/orders?limit=1"));
    }

    [Fact]
    public async Task F203_database_slower_than_its_deadline_is_timed_out()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        network.Database.Delay(TimeSpan.FromSeconds(3));

        var verdict = await orders.SaysAsync(answer => !answer.Ready, orders.OneEvaluation());
        var failed = await orders.FailedOfAsync(1, "/orders?limit=1");

        Assert.Equal(1, failed);
        Assert.Contains(verdict.ReasonOf(Database), new[] { "timed out", "dependency down" });
    }

    [Fact]
    public async Task F204_database_that_refuses_the_password_is_named_authentication_and_no_secret_is_shown()
    {
        await using var network = await NetworkAsync();
        var user = $"user_{Guid.NewGuid():n}";
        await servers.Postgres.ExecuteAsync($"create role {user} superuser login password 'first-secret'");
        var connections = network.Connections();
        connections[Database] = new NpgsqlConnectionStringBuilder(connections[Database]) { Username = user, Password = "first-secret" }.ConnectionString;
        await using var orders = await network.StartAsync(connections);
        await servers.Postgres.ExecuteAsync($"alter role {user} password 'second-secret'");
        network.Database.Cut();

        var verdict = await orders.SaysAsync(answer => answer.ReasonOf(Database) == "authentication", orders.OneEvaluation());
        var failed = await orders.FailedOfAsync(3, "/orders?limit=1");
        using var management = new HttpClient();
        using var detail = await management.GetAsync(new Uri($"http://127.0.0.1:{orders.Contract.ManagementPort}/health"));

        Assert.False(verdict.Ready);
        Assert.Equal(3, failed);
        Assert.DoesNotContain("secret", verdict.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(user, verdict.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await detail.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("first-secret", orders.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F205_all_connections_in_use_is_answered_busy()
    {
        await using var network = await NetworkAsync();
        var connections = network.Connections();
        connections[Database] = new NpgsqlConnectionStringBuilder(connections[Database]) { MaxPoolSize = 2 }.ConnectionString;
        await using var orders = await network.StartAsync(connections);
        List<string> answers;
        await using (var other = new NpgsqlConnection(servers.Postgres.ConnectionString(network.Name)))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("lock table orders", other, transaction);
            await command.ExecuteNonQueryAsync();
            answers = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                using var answer = await orders.Client.GetAsync(new Uri("/orders?limit=1", UriKind.Relative));
                return $"{(int)answer.StatusCode} {answer.Headers.RetryAfter} {await answer.Content.ReadAsStringAsync()}";
            }))];
        }

        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation());
        Assert.All(answers, answer => Assert.StartsWith("503 1 ", answer, StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.Contains("every database connection is in use", StringComparison.Ordinal));
        Assert.Equal(0, await orders.FailedOfAsync(3, "/orders?limit=1"));
    }

    [Fact]
    public async Task Pool_opens_no_more_connections_than_the_contract_allows_whatever_the_load()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync(change: contract => contract with
        {
            Dependencies = [.. contract.Dependencies.Select(d => d.Name == Database ? d with { Connections = 3 } : d)],
        });
        var watching = new CancellationTokenSource();
        var most = Task.Run(async () =>
        {
            var seen = 0L;
            while (!watching.IsCancellationRequested)
            {
                seen = Math.Max(seen, await servers.Postgres.ScalarAsync<long>($"select count(*) from pg_stat_activity where datname = '{network.Name}' and application_name = 'orders'"));
            }

            return seen;
        });

        var failed = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => orders.FailedOfAsync(5, "/orders?limit=1")));
        await watching.CancelAsync();

        Assert.Equal(0, failed.Sum());
        Assert.InRange(await most, 1, 3);
    }

    [Fact]
    public async Task Requests_that_are_shed_because_the_pool_is_saturated_are_no_errors_of_the_instance()
    {
        await using var network = await NetworkAsync();
        var connections = network.Connections();
        connections[Database] = new NpgsqlConnectionStringBuilder(connections[Database]) { MaxPoolSize = 1 }.ConnectionString;
        await using var orders = await network.StartAsync(connections);
        await using var other = new NpgsqlConnection(servers.Postgres.ConnectionString(network.Name));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table orders", other, transaction);
        await command.ExecuteNonQueryAsync();

        // One waits for the lock, and all others for its connection.
        var shed = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var answer = await orders.Client.GetAsync(new Uri("/orders?limit=1", UriKind.Relative));
            return (await answer.Content.ReadAsStringAsync()).Contains("every database connection is in use", StringComparison.Ordinal);
        }));
        await transaction.RollbackAsync();
        var verdicts = new List<HealthAnswer>();
        for (var i = 0; i < 30; i++)
        {
            verdicts.Add(await orders.AskAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.DoesNotContain(verdicts, verdict => verdict.ReasonOf("errors") is not null);
        Assert.Equal("ready", verdicts[^1].Status);
        Assert.InRange(shed.Count(mine => mine), 30, 40);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F206_cache_away_degrades_and_users_notice_nothing(bool silent)
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        Fail(network.Cache, silent);

        var verdict = await orders.SaysAsync(answer => answer.Status == "degraded", orders.OneEvaluation());
        var failed = await UsersAsync(orders);
        network.Cache.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + orders.Contract.Watchdog.ReadmissionDelay);

        Assert.Equal(0, failed);
        Assert.True(verdict.Ready);
        Assert.Contains(verdict.ReasonOf(Cache), new[] { "dependency down", "timed out", "circuit open" });
        Assert.Equal("degraded", verdict.OutcomeOf(Cache));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F207_queue_away_degrades_and_loses_no_order(bool silent)
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        Fail(network.Queue, silent);

        var verdict = await orders.SaysAsync(answer => answer.Status == "degraded", orders.OneEvaluation());
        var failed = await UsersAsync(orders);
        network.Queue.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + orders.Contract.Watchdog.ReadmissionDelay);
        await network.UntilAsync("select count(*) = 0 from orders where processed_at is null");

        Assert.Equal(0, failed);
        Assert.True(verdict.Ready);
        Assert.Contains(verdict.ReasonOf(Queue), new[] { "dependency down", "timed out", "circuit open" });
    }

    [RootFact]
    public async Task F206_F207_name_server_silent_for_cache_and_queue_degrades_and_users_notice_nothing()
    {
        using var names = SilentNameServer.Start();
        await using var network = await NetworkAsync();
        var connections = network.Connections();
        connections[Cache] = "cache.invalid:6379,password=none";
        connections[Queue] = "amqp://orders:none@queue.invalid:5672/";
        // One processor, so that few blocked threads are all there are.
        var oneProcessor = new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "1" };
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), connections, oneProcessor, names);
        await orders.UntilAsync("/health", HttpStatusCode.OK);
        var started = TimeProvider.System.GetTimestamp();
        var failed = 0;

        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
        {
            failed += await UsersAsync(orders);
            failed += (await orders.AskAsync()).Ready ? 0 : 1;
        }

        var verdict = await orders.AskAsync();
        Assert.Equal(0, failed);
        Assert.Equal("degraded", verdict.Status);
    }

    [Fact]
    public async Task F207_backlog_over_its_limit_degrades_until_it_is_worked_off()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync(change: contract => contract with
        {
            Dependencies = [.. contract.Dependencies.Select(d => d.Name == Queue ? d with { BacklogLimit = 50 } : d)],
        });
        await UsersAsync(orders);
        var id = await servers.Postgres.ScalarAsync<Guid>("select id from orders limit 1", network.Name);
        await using var connection = await servers.RabbitMq.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(false, false));
        var message = System.Text.Encoding.ASCII.GetBytes(id.ToString());
        for (var i = 0; i < 4_000; i++)
        {
            await channel.BasicPublishAsync("", "orders", mandatory: false, new RabbitMQ.Client.BasicProperties(), message, CancellationToken.None);
        }

        var verdict = await orders.SaysAsync(answer => answer.ReasonOf(Queue) == "backlog", orders.OneEvaluation());
        var failed = await UsersAsync(orders);
        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(90));

        Assert.Equal("degraded", verdict.Status);
        Assert.True(verdict.Ready);
        Assert.Equal(0, failed);
    }

    [Fact]
    public async Task F213_open_breaker_is_named_and_closes_again_without_traffic()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        network.Database.Refuse();

        var failed = await orders.FailedOfAsync(20, "/orders?limit=1");
        var verdict = await orders.SaysAsync(answer => answer.ReasonOf(Database) == "circuit open", orders.OneEvaluation());
        network.Database.Heal();
        await orders.SaysAsync(answer => answer.Status == "ready", orders.OneEvaluation() + (2 * orders.Contract.Watchdog.ReadmissionDelay));

        Assert.Equal(20, failed);
        Assert.False(verdict.Ready);
        Assert.Equal(0, await orders.FailedOfAsync(3, "/orders?limit=1"));
    }

    [Fact]
    public async Task F215_process_paused_and_resumed_fails_no_dependency()
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync();
        await Signals.StopAsync(orders.Process.Id);
        var pending = Enumerable.Range(0, 5).Select(_ => orders.AskAsync()).ToArray();
        await Task.Delay(orders.Contract.Freshness + orders.Contract.Budget.Deadline + TimeSpan.FromSeconds(1), TimeProvider.System);
        var answeredWhilePaused = pending.Count(answer => answer.IsCompleted);
        orders.Process.Signal(Signals.Continue);
        List<HealthAnswer> after = [.. await Task.WhenAll(pending)];
        for (var i = 0; i < 40; i++)
        {
            after.Add(await orders.AskAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Equal(0, answeredWhilePaused);
        Assert.DoesNotContain(after, answer => answer.ReasonOf(Database) is not (null or "unknown"));
        Assert.True(after[^1].Ready, after[^1].ToString());
        Assert.Equal(0, await UsersAsync(orders));
    }

    [Theory]
    [InlineData(SharedFailure.Eject, false)]
    [InlineData(SharedFailure.BalancerOnly, false)]
    [InlineData(SharedFailure.Report, true)]
    public async Task F216_shared_dependency_down_restarts_nobody_and_is_routed_as_chosen(SharedFailure chosen, bool stays)
    {
        await using var network = await NetworkAsync();
        await using var orders = await network.StartAsync(change: contract => contract with { Routing = new() { OnSharedFailure = chosen } });
        network.Database.Refuse();

        await orders.SaysAsync(answer => answer.OutcomeOf(Database) == "unhealthy", orders.OneEvaluation());
        var balancer = await orders.AskAsync();
        var kubelet = await orders.AskAsync("?scope=local");

        Assert.Equal(1, await orders.FailedOfAsync(1, "/orders?limit=1"));
        Assert.Equal(stays, balancer.Ready);
        Assert.True(kubelet.Ready);
        Assert.True(await orders.AliveAsync());
    }

    private static void Fail(TcpProxy proxy, bool silent)
    {
        if (silent)
        {
            proxy.Silence();
        }
        else
        {
            proxy.Refuse();
        }
    }

    // Users order and look at their orders.
    private static async Task<int> UsersAsync(OrdersProcess orders) =>
        await orders.FailedOfAsync(3, (client, token) => client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 }, token))
        + await orders.FailedOfAsync(3, "/orders?limit=5");

    private Task<OrdersNetwork> NetworkAsync() => OrdersNetwork.CreateAsync(servers);
}
