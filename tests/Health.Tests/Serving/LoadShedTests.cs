using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Candor.Health.Tests.Serving;

/// <summary>N307: load that is shed on purpose is not a fault, or the next instance would get it and follow.</summary>
public sealed class LoadShedTests
{
    private static readonly HealthContract Quick = new()
    {
        Freshness = TimeSpan.FromMilliseconds(50),
        Watchdog = new() { ThreadPoolDelay = TimeSpan.FromSeconds(30) },
    };

    [Fact]
    public async Task N307_answers_that_the_app_marks_as_shed_leave_the_instance_ready()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapGet("/", (HttpContext context) =>
        {
            context.MarkLoadShed();
            return Results.StatusCode(503);
        }))).StartedAsync();

        await OverloadAsync(app);

        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);
    }

    [Fact]
    public async Task N307_rejections_of_the_rate_limiter_leave_the_instance_ready_and_its_own_handler_is_called()
    {
        var rejected = 0;
        await using var app = await (await RunningApp.StartAsync(
            Quick,
            builder => builder.Services.AddRateLimiter(limiter =>
            {
                limiter.AddFixedWindowLimiter("one", one =>
                {
                    one.PermitLimit = 1;
                    one.Window = TimeSpan.FromHours(1);
                });
                limiter.OnRejected = (_, _) =>
                {
                    Interlocked.Increment(ref rejected);
                    return ValueTask.CompletedTask;
                };
            }),
            web =>
            {
                web.UseRateLimiter();
                web.MapGet("/", () => "hello").RequireRateLimiting("one");
            })).StartedAsync();

        await OverloadAsync(app);

        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);
        Assert.Equal(29, rejected);
    }

    [Fact]
    public async Task Same_answers_without_the_mark_are_a_fault()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapGet("/", () => Results.StatusCode(503)))).StartedAsync();

        await Eventually.TrueAsync(async () =>
        {
            await OverloadAsync(app);
            return (await app.ReadinessAsync()).Status == HttpStatusCode.ServiceUnavailable;
        }, "the errors are seen");
    }

    private static async Task OverloadAsync(RunningApp app)
    {
        for (var request = 0; request < 30; request++)
        {
            using var _ = await app.Public.GetAsync("/");
        }

        await Task.Delay(Quick.Freshness * 2, TimeProvider.System);
    }
}
