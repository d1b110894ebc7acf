using System.Net.Http.Json;
using Candor.Contract;
using Candor.EndToEnd.Tests.Stack;
using Candor.Planning;
using Npgsql;

namespace Candor.EndToEnd.Tests;

/// <summary>
/// An alert that nobody has seen firing is a guess: each one's fault is caused on a running stack, watched by the real Prometheus.
/// </summary>
[Collection(Alone.Name)]
public sealed class AlertTests
{
    /// <summary>The slow burn's quarter of an hour is 45 s, a scrape interval is 0.75 s.</summary>
    private const double Speed = 20;

    private const string Poison = "poison";

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(40);

    // At this speed a deadline is a twentieth: what is not tested here must not run into it on a machine that has much else to do.
    private static HealthContract LongDeadlines { get; } = OrdersContract.Default with
    {
        StartupLimit = TimeSpan.FromSeconds(180),
        Startup = OrdersContract.Default.Startup with
        {
            Period = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(10),
            FailureThreshold = 27,
        },
        Budget = OrdersContract.Default.Budget with { Deadline = TimeSpan.FromSeconds(8) },
        Balancer = OrdersContract.Default.Balancer with { Interval = TimeSpan.FromSeconds(12), Timeout = TimeSpan.FromSeconds(10) },
        Readiness = OrdersContract.Default.Readiness with { Period = TimeSpan.FromSeconds(12), Timeout = TimeSpan.FromSeconds(10) },
        Liveness = OrdersContract.Default.Liveness with { Timeout = TimeSpan.FromSeconds(10) },
        Dependencies =
        [
            .. OrdersContract.Default.Dependencies.Select(dependency =>
                dependency.Name == OrdersContract.Database ? dependency with { Timeout = TimeSpan.FromSeconds(8) } : dependency),
        ],
    };

    private readonly HashSet<string> _seen = [];

    [MonitoringFact]
    public async Task Each_alert_of_the_plan_fires_while_its_fault_lasts_and_ceases_after_it()
    {
        var plan = RunningStack.Small(await RunningStack.PlanOfAsync(LongDeadlines));
        await using var stack = await RunningStack.StartAsync(plan, Speed, change: options => options with { Monitoring = true });
        using var prometheus = new PrometheusView(stack);
        using var ended = new CancellationTokenSource();
        var users = UsersAsync(stack, ended.Token);
        await prometheus.UntilAsync("candor_health_ready == 1", samples => samples.Length == 2, "both pods are scraped");
        Assert.Empty(await prometheus.FiringAsync());

        await ConnectionPoolIsSaturatedAsync(stack, prometheus);

        // One order in five fails for a reason that no check looks at.
        await ExecuteAsync(stack, $"""
            create function fail_some() returns trigger language plpgsql as $$ begin
                if new.item = '{Poison}' then raise exception 'could not read block'; end if; return new; end $$;
            create trigger fail_some before insert on orders for each row execute function fail_some()
            """);
        await FiresAsync(prometheus, "HealthCheckVsErrorRateMismatch");
        await FiresAsync(prometheus, "ErrorBudgetBurnsFast");

        await DatabaseIsAwayAsync(stack, prometheus);
        await ContractOfThePodsIsAnotherAsync(stack, plan, prometheus);
        await FiresAsync(prometheus, "ErrorBudgetBurnsSlowly");

        await ExecuteAsync(stack, "drop function fail_some() cascade");
        await CeaseAsync(prometheus);
        await ended.CancelAsync();
        await users;

        var declared = plan.Resources.Where(resource => resource.Type == ResourceTypes.PrometheusRule)
            .SelectMany(resource => resource.Inputs["spec"]["groups"].Items)
            .SelectMany(group => group["rules"].Items)
            .Select(rule => rule["alert"].Text!);
        Assert.Equal(declared.Order(), _seen.Order());
    }

    // Every order takes a connection for a while, and there are more users than connections.
    private async Task ConnectionPoolIsSaturatedAsync(RunningStack stack, PrometheusView prometheus)
    {
        await ExecuteAsync(stack, """
            create function be_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.15); return new; end $$;
            create trigger be_slow before insert on orders for each row execute function be_slow()
            """);
        using var enough = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, 60).Select(_ => OrderUntilAsync(stack, enough.Token)).ToList();
        await FiresAsync(prometheus, "ConnectionPoolSaturated");
        await enough.CancelAsync();
        await Task.WhenAll(crowd);
        await ExecuteAsync(stack, "drop function be_slow() cascade");
        await CeaseAsync(prometheus, "ConnectionPoolSaturated");
    }

    private async Task DatabaseIsAwayAsync(RunningStack stack, PrometheusView prometheus)
    {
        await stack.Client.ScaleAsync(0, "database");
        await FiresAsync(prometheus, "CircuitBreakerOpen");
        await FiresAsync(prometheus, "InstanceNotReady");
        await stack.Client.ScaleAsync(1, "database");
        await CeaseAsync(prometheus, "CircuitBreakerOpen", "InstanceNotReady");
        await stack.UntilHealthyAsync();
    }

    // Somebody deploys the service with other numbers than the infrastructure has.
    private async Task ContractOfThePodsIsAnotherAsync(RunningStack stack, Plan plan, PrometheusView prometheus)
    {
        var other = RunningStack.Small(await RunningStack.PlanOfAsync(plan.Contract! with { Freshness = TimeSpan.FromSeconds(1.5) }));
        var rules = plan.Resources.Single(resource => resource.Type == ResourceTypes.PrometheusRule);
        await stack.Client.ApplyAsync(other with
        {
            Resources = [.. other.Resources.Select(resource => resource.Type == ResourceTypes.PrometheusRule ? rules : resource)],
        });
        await FiresAsync(prometheus, "ContractDrift");
        await stack.Client.ApplyAsync(plan);
        await CeaseAsync(prometheus, "ContractDrift");
        await stack.UntilHealthyAsync();
    }

    private async Task FiresAsync(PrometheusView prometheus, string alert)
    {
        await prometheus.UntilAsync(prometheus.RulesAsync, rules => Firing(rules).Contains(alert), $"{alert} fires");
        _seen.Add(alert);
    }

    // Without names: none at all.
    private static async Task CeaseAsync(PrometheusView prometheus, params string[] alerts) => await prometheus.UntilAsync(
        prometheus.RulesAsync,
        rules => rules.Length > 0 && !Firing(rules).Any(alert => alerts.Length == 0 || alerts.Contains(alert)),
        $"{(alerts.Length == 0 ? "every alert" : string.Join(" and ", alerts))} has ceased");

    // This stack has neither cache nor queue: their breakers may be open all the time.
    private static IEnumerable<string?> Firing(System.Text.Json.JsonElement[] rules) => rules
        .Where(rule => rule.GetProperty("alerts").EnumerateArray().Any(alert =>
            alert.GetProperty("state").GetString() == "firing"
            && (!alert.GetProperty("labels").TryGetProperty("dependency", out var dependency) || dependency.GetString() == "database")))
        .Select(PrometheusView.Name);

    // One order after the other, every fifth of them of the kind that fails.
    private static async Task UsersAsync(RunningStack stack, CancellationToken ended)
    {
        for (var number = 0; !ended.IsCancellationRequested; number++)
        {
            await OrderAsync(stack, number % 5 == 0 ? Poison : "tea");
            await Task.Delay(Often, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task OrderUntilAsync(RunningStack stack, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await OrderAsync(stack, "coffee");
        }
    }

    private static async Task OrderAsync(RunningStack stack, string item)
    {
        try
        {
            using var answer = await stack.Http.PostAsJsonAsync("orders", new { item, quantity = 1 });
        }
        catch (HttpRequestException)
        {
            // Counted by the balancer's users, not here.
        }
        catch (TaskCanceledException)
        {
            // Took longer than a user waits.
        }
    }

    private static async Task ExecuteAsync(RunningStack stack, string sql)
    {
        var database = (await stack.StatusAsync()).Pods.Single(pod => pod.Workload == "database");
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = database.Address,
            Port = database.Ports.Values.First(),
            Database = "orders",
            Username = "orders",
            Password = SecretToken.Of("candor:databasePassword"),
            Pooling = false,
            Timeout = 120,
            CommandTimeout = 120,
        });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
