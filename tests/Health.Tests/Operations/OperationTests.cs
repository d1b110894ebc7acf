using System.Net;
using System.Text.Json;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Operations;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Operations;

/// <summary>Operations in a running app, over HTTP.</summary>
public sealed class OperationTests
{
    private static readonly HealthContract Quick = new()
    {
        Freshness = TimeSpan.FromMilliseconds(100),
        OperationLimits = new() { ConsecutiveFailures = 3 },
        Watchdog = new() { ThreadPoolDelay = TimeSpan.FromSeconds(30) },
        Routing = new() { OnSharedFailure = SharedFailure.BalancerOnly },
    };

    [Fact]
    public async Task F217_failing_operation_is_named_with_its_cause_ejects_by_the_full_scope_only_and_recovers()
    {
        var broken = false;
        await using var app = await (await RunningApp.StartAsync(
            Quick with { Operations = [new() { Name = "place-order", Route = "POST /orders" }] },
            map: web =>
            {
                web.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry")));
                web.MapPost("/orders", () => broken ? throw new RefusedException() : "placed");
                web.MapGet("/orders", () => "orders");
            },
            build: builder => builder.Services.AddFailureClassifier<RefusedClassifier>())).StartedAsync();
        await OrderAsync(app);
        await StatusAsync(app, HttpStatusCode.OK);

        broken = true;
        await UntilAsync(app, HttpStatusCode.ServiceUnavailable);
        var (_, body) = await app.ReadinessAsync();
        Assert.Equal("42501 insufficient privilege", body.GetProperty("reason").GetString()!.Split(": ")[^1]);
        Assert.Equal("failing", Of(body, "place-order").GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync("?scope=local")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/orders")).StatusCode);
        Assert.Contains("candor_operation_failing{operation=\"place-order\",reason=\"refused\"} 1\n", await app.Management.GetStringAsync("/metrics"), StringComparison.Ordinal);

        broken = false;
        await UntilAsync(app, HttpStatusCode.OK);
        Assert.Equal("ready", (await app.ReadinessAsync()).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Operation_that_is_not_critical_degrades_only()
    {
        await using var app = await (await RunningApp.StartAsync(
            Quick with { Operations = [new() { Name = "other", Route = "GET /other" }] },
            map: web => web.MapPost("/orders", IResult () => throw new InvalidOperationException()))).StartedAsync();

        await Eventually.TrueAsync(async () =>
        {
            await OrderAsync(app);
            var (status, body) = await app.ReadinessAsync();
            Assert.Equal(HttpStatusCode.OK, status);
            return body.GetProperty("status").GetString() == "degraded";
        }, "it is degraded");
    }

    [Fact]
    public async Task Canary_of_a_write_is_sent_with_its_body_is_known_to_the_handler_and_counts_as_no_users_request()
    {
        var (users, canaries, bodies) = (0, 0, new List<string>());
        var broken = false;
        await using var app = await (await RunningApp.StartAsync(
            Quick with
            {
                Operations =
                [
                    new()
                    {
                        Name = "place-order",
                        Route = "POST /orders",
                        Canary = new() { Path = "/orders", Body = """{"item":"tea"}""", Interval = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromMilliseconds(400) },
                    },
                ],
            },
            map: web => web.MapPost("/orders", async (HttpContext context) =>
            {
                lock (bodies)
                {
                    (users, canaries) = context.IsCandorCanary() ? (users, canaries + 1) : (users + 1, canaries);
                }

                using var reader = new StreamReader(context.Request.Body);
                var text = await reader.ReadToEndAsync();
                lock (bodies)
                {
                    bodies.Add(text);
                }

                return broken ? throw new InvalidOperationException() : text;
            }))).StartedAsync();

        await Eventually.TrueAsync(() => Volatile.Read(ref canaries) > 0, "a canary was sent");
        Assert.Equal(0, users);
        Assert.All(bodies.ToList(), body => Assert.Equal("""{"item":"tea"}""", body));
        broken = true;
        await UntilAsync(app, HttpStatusCode.ServiceUnavailable, order: false);
        broken = false;
        await UntilAsync(app, HttpStatusCode.OK, order: false);
        Assert.Contains("candor_operation_requests_total{operation=\"place-order\",outcome=\"served\"} 0\n", await app.Management.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_scope_is_answered_as_the_whole_until_the_instance_has_been_ready_once()
    {
        var down = true;
        await using var app = await (await RunningApp.StartAsync(Quick, builder => builder.Services.AddHealthChecks().AddCheck(
            "thing",
            () => down ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Unhealthy() : Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy(),
            [CheckTags.Shared]))).StartedAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.ReadinessAsync("?scope=local")).Status);
        down = false;
        await UntilAsync(app, HttpStatusCode.OK, order: false);
        down = true;
        await UntilAsync(app, HttpStatusCode.ServiceUnavailable, order: false);
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync("?scope=local")).Status);
    }

    [Fact]
    public async Task Requests_that_clients_abort_and_paths_that_nobody_serves_are_judged_by_nobody()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapGet("/slow", async (HttpContext context) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException();
        }))).StartedAsync();
        for (var request = 0; request < 20; request++)
        {
            using var clientTimeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), TimeProvider.System);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Public.GetAsync("/slow", clientTimeout.Token));
            await app.Public.GetAsync($"/nowhere/{request}");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var (status, body) = await app.ReadinessAsync();
        Assert.Equal((HttpStatusCode.OK, "ready"), (status, body.GetProperty("status").GetString()));
        Assert.DoesNotContain(body.GetProperty("operations").EnumerateObject(), operation => operation.Name.Contains("nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hostile_paths_and_methods_make_no_operations_and_no_metrics()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.Map("/files/{**path}", () => "file"))).StartedAsync();
        var operations = app.App.Services.GetRequiredService<OperationRegistry>();
        async Task AskAsync(int from, int to)
        {
            for (var request = from; request < to; request++)
            {
                // As long as a server takes it, and never the same.
                var path = $"{(request % 2 == 0 ? "files" : "nowhere")}/{request}/{new string('x', 4_000)}";
                using var hostile = new HttpRequestMessage(new($"M{(request % 3 == 0 ? request : 0)}"), $"/{path}?{path}");
                using var answer = await app.Public.SendAsync(hostile);
            }
        }

        async Task<(int Operations, int Series)> CountAsync() => (
            operations.All.Count,
            (await app.Management.GetStringAsync("/metrics")).Split('\n').Count(line => line.StartsWith("candor_operation_", StringComparison.Ordinal)));
        await AskAsync(0, 20);
        await Task.Delay(Quick.Freshness * 2, TimeProvider.System);
        await app.ReadinessAsync();
        var before = await CountAsync();

        await AskAsync(20, 600);

        await Task.Delay(Quick.Freshness * 2, TimeProvider.System);
        await app.ReadinessAsync();
        Assert.Equal(before, await CountAsync());
        Assert.Equal(["OTHER /files/{**path}"], operations.Routes.Select(operation => operation.Name));
        Assert.True(operations.Unmatched.Answered(RequestOutcome.Ignored) >= 300, "Requests without a route are counted as unmatched.");
    }

    [Fact]
    public async Task Background_work_that_an_app_reports_on_is_shown_with_its_oldest_item()
    {
        await using var app = await (await RunningApp.StartAsync(
            Quick with { Operations = [new() { Name = "deliver-outbox", MaximumAge = TimeSpan.FromSeconds(5), Critical = false }] })).StartedAsync();
        var work = app.App.Services.GetRequiredService<IBackgroundOperations>().Named("deliver-outbox");
        work.ReportOldest(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(async () => Of((await app.ReadinessAsync()).Body, "deliver-outbox").GetProperty("status").GetString() == "failing", "it is failing");
        var (status, body) = await app.ReadinessAsync();
        Assert.Equal((HttpStatusCode.OK, "deliver-outbox: no progress"), (status, body.GetProperty("reason").GetString()));
        Assert.True(DurationText.TryParse(Of(body, "deliver-outbox").GetProperty("oldestAge").GetString(), out var age) && age >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Failed_grpc_call_is_a_failure_although_its_status_is_200()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapPost("/shop.Orders/Place", (HttpContext context) =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "13";
        }))).StartedAsync();

        await Eventually.TrueAsync(async () =>
        {
            await app.Public.PostAsync("/shop.Orders/Place", null);
            return (await app.ReadinessAsync()).Status == HttpStatusCode.ServiceUnavailable;
        }, "the calls count as failed");
    }

    private static JsonElement Of(JsonElement body, string operation) => body.GetProperty("operations").GetProperty(operation);

    private static async Task OrderAsync(RunningApp app)
    {
        using var answer = await app.Public.PostAsync("/orders", null);
    }

    private static async Task StatusAsync(RunningApp app, HttpStatusCode status) => Assert.Equal(status, (await app.ReadinessAsync()).Status);

    private static Task UntilAsync(RunningApp app, HttpStatusCode status, bool order = true) => Eventually.TrueAsync(async () =>
    {
        if (order)
        {
            await OrderAsync(app);
        }

        return (await app.ReadinessAsync()).Status == status;
    }, $"readiness answers {(int)status}");

    public sealed class RefusedException : Exception;

    public sealed class RefusedClassifier : IFailureClassifier
    {
        public FailureCause? Classify(Exception exception) =>
            exception is RefusedException ? new(Reason.Refused, "42501") { Condition = "insufficient privilege" } : null;
    }
}
