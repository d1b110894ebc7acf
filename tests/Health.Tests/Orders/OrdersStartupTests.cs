using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Orders;

/// <summary>How Orders comes and goes.</summary>
[Collection(OrdersTests.Name)]
public sealed class OrdersStartupTests(OrdersServers servers)
{
    [Fact]
    public async Task Database_away_at_the_start_is_waited_for_while_startup_names_the_task()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var proxy = TcpProxy.Start(servers.Postgres.Port);
        proxy.Refuse();
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database, database: proxy.Port));

        await orders.UntilAsync("/startupz", HttpStatusCode.ServiceUnavailable);
        var starting = await orders.UntilAsync("/health", HttpStatusCode.ServiceUnavailable);
        await orders.UntilAsync("/healthz", HttpStatusCode.OK);
        proxy.Heal();
        await orders.UntilAsync("/startupz", HttpStatusCode.OK);
        await orders.UntilAsync("/health", HttpStatusCode.OK);

        Assert.Equal("starting", (string?)JsonNode.Parse(starting)!["status"]);
        Assert.Equal("starting", (string?)JsonNode.Parse(starting)!["checks"]!["schema"]!["reason"]);
    }

    [Fact]
    public async Task Database_away_beyond_the_start_up_limit_ends_the_service_with_the_reason()
    {
        var contract = OrdersProcess.OnFreePorts() with { StartupLimit = TimeSpan.FromSeconds(2) };
        var connections = servers.Connections("postgres", database: FreePort.Next());
        await using var orders = OrdersProcess.Start(contract, connections);
        var code = await orders.Process.WaitForExitAsync();

        Assert.Equal(1, code);
        Assert.Contains("within the start-up limit of 2s", orders.Process.Output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__database", orders.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Candor.Testing.Servers.PostgresServer.Password, orders.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_under_load_fails_no_request_while_the_balancer_still_sends_and_loses_no_order()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        var contract = OrdersProcess.OnFreePorts() with
        {
            Drain = new()
            {
                Propagation = TimeSpan.FromSeconds(1),
                DeregistrationDelay = TimeSpan.FromSeconds(3),
                RequestTimeout = TimeSpan.FromSeconds(3),
                Hold = TimeSpan.FromSeconds(6),
            },
        };
        await using var orders = OrdersProcess.Start(contract, servers.Connections(database));
        await orders.UntilAsync("/health", HttpStatusCode.OK);
        using var balancer = new CancellationTokenSource();
        var users = Enumerable.Range(0, 4).Select(async _ =>
        {
            var codes = new List<HttpStatusCode>();
            while (!balancer.IsCancellationRequested)
            {
                using var answer = await orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 });
                codes.Add(answer.StatusCode);
            }

            return codes;
        }).ToArray();

        orders.Process.Signal(Signals.Terminate);
        await orders.UntilAsync("/health", HttpStatusCode.ServiceUnavailable);
        await Task.Delay(contract.Drain.Propagation, TimeProvider.System);
        await balancer.CancelAsync();
        var codes = (await Task.WhenAll(users)).SelectMany(mine => mine).ToList();
        var code = await orders.Process.WaitForExitAsync();

        Assert.Equal(0, code);
        Assert.All(codes, answered => Assert.Equal(HttpStatusCode.Created, answered));
        Assert.Equal(codes.Count, await servers.Postgres.ScalarAsync<long>("select count(*) from orders", database));
    }

    [Fact]
    public async Task Log_that_is_not_a_terminal_is_json_with_one_line_a_transition_and_none_a_probe()
    {
        var database = await servers.Postgres.CreateDatabaseAsync();
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database));
        for (var i = 0; i < 50; i++)
        {
            await orders.UntilAsync("/health", HttpStatusCode.OK);
        }

        var lines = orders.Process.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.NotNull(line["Timestamp"]));
        Assert.InRange(lines.Count(line => ((string?)line["Message"])!.StartsWith("health:", StringComparison.Ordinal)), 1, 10);
    }
}
