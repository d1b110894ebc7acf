using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Tests.Watchdog;

/// <summary>F209, F211, N305: what real requests show, in a running app.</summary>
public sealed class TroubleTests
{
    private static readonly HealthContract Quick = new()
    {
        Freshness = TimeSpan.FromMilliseconds(50),
        Watchdog = new() { StuckRequestAge = TimeSpan.FromMilliseconds(300), StuckRequestCount = 3, ReadmissionDelay = TimeSpan.FromMilliseconds(500) },
        Canary = new() { Interval = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMilliseconds(150), FailureThreshold = 2 },
    };

    [Fact]
    public async Task F209_deadlocked_handlers_show_as_stuck_requests_and_liveness_stays()
    {
        var deadlock = new TaskCompletionSource();
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapGet("/stuck", () => deadlock.Task))).StartedAsync();
        await ReadyAsync(app);

        var users = Enumerable.Range(0, 3).Select(_ => app.Public.GetAsync("/stuck")).ToList();
        await NotReadyAsync(app, "requests", "pipeline stuck");
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/healthz")).StatusCode);

        deadlock.SetResult();
        await Task.WhenAll(users);
        await ReadyAsync(app);
    }

    [Fact]
    public async Task F209_deadlock_without_traffic_is_found_by_the_canary()
    {
        var deadlock = new TaskCompletionSource();
        deadlock.SetResult();
        await using var app = await (await RunningApp.StartAsync(Quick with { Canary = Quick.Canary with { Route = "/work" } }, map: web => web.MapGet("/work", () => Volatile.Read(ref deadlock).Task))).StartedAsync();
        await ReadyAsync(app);

        Volatile.Write(ref deadlock, new());
        await FailingAsync(app, "GET /work", "pipeline stuck");

        deadlock.SetResult();
        await ReadyAsync(app);
    }

    [Fact]
    public async Task F211_handlers_that_fail_make_their_operation_fail_and_the_instance_is_let_back_in()
    {
        var broken = true;
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapGet("/", IResult () => broken ? throw new InvalidOperationException() : Results.Ok()))).StartedAsync();

        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await app.Public.GetAsync("/")).StatusCode);
            return (await app.ReadinessAsync()).Status == HttpStatusCode.ServiceUnavailable;
        }, "the errors are seen");
        await FailingAsync(app, "GET /", "error ratio");
        broken = false;
        await ReadyAsync(app);
    }

    [Fact]
    public async Task F211_bug_in_one_path_is_found_by_the_canary_without_users()
    {
        await using var app = await (await RunningApp.StartAsync(Quick with { Canary = Quick.Canary with { Route = "/work" } }, map: web => web.MapGet("/work", IResult () => throw new InvalidOperationException()))).StartedAsync();

        await FailingAsync(app, "GET /work", "error ratio");
        var metrics = await app.Management.GetStringAsync("/metrics");
        Assert.Contains("candor_http_requests_total{status=\"5xx\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task N305_client_that_sends_only_bad_requests_has_no_effect()
    {
        // A machine that has much else to do may well be late with its thread pool; that is another signal's.
        var contract = Quick with { Watchdog = Quick.Watchdog with { ThreadPoolDelay = TimeSpan.FromSeconds(30) } };
        await using var app = await (await RunningApp.StartAsync(contract, map: web => web.MapGet("/bad", () => Results.BadRequest()))).StartedAsync();
        await ReadyAsync(app);

        for (var request = 0; request < 100; request++)
        {
            await app.Public.GetAsync(request % 2 == 0 ? "/bad" : "/nowhere");
        }

        await Task.Delay(Quick.Freshness * 2, TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);
        Assert.DoesNotContain(app.Log.Transitions, line => line.Contains("not ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task N304_thousand_probers_cost_at_most_one_evaluation_a_window()
    {
        await using var app = await (await RunningApp.StartAsync(new() { Freshness = TimeSpan.FromMinutes(1), Balancer = new() { Interval = TimeSpan.FromSeconds(90), Timeout = TimeSpan.FromSeconds(80) } })).StartedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => app.Public.GetAsync("/health")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Contains("candor_health_evaluations_total 1\n", await app.Management.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static Task ReadyAsync(RunningApp app) =>
        Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status == HttpStatusCode.OK, "the instance is ready");

    private static Task FailingAsync(RunningApp app, string operation, string reason) =>
        Eventually.TrueAsync(async () =>
        {
            var (status, body) = await app.ReadinessAsync();
            return status == HttpStatusCode.ServiceUnavailable
                && body.GetProperty("operations").TryGetProperty(operation, out var seen)
                && (seen.GetProperty("status").GetString(), seen.GetProperty("reason").GetString()) == ("failing", reason);
        }, $"{operation} is failing: {reason}");

    private static Task NotReadyAsync(RunningApp app, string check, string reason) =>
        Eventually.TrueAsync(async () =>
        {
            var (status, body) = await app.ReadinessAsync();
            return status == HttpStatusCode.ServiceUnavailable && body.GetProperty("checks").GetProperty(check).GetProperty("reason").GetString() == reason;
        }, $"{check} says {reason}");
}
