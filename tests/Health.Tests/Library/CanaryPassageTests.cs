using System.Net;
using System.Threading.RateLimiting;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Tests.Library;

/// <summary>What turns users away on purpose does not turn the process's own canary away, or it would prove nothing.</summary>
public sealed class CanaryPassageTests
{
    private static readonly HealthContract Quick = new()
    {
        Freshness = TimeSpan.FromMilliseconds(100),
        Canary = new() { Route = "/", Interval = TimeSpan.FromMilliseconds(600), Timeout = TimeSpan.FromMilliseconds(500) },
    };

    [Fact]
    public async Task Canary_reaches_the_handler_behind_https_redirection()
    {
        var reached = 0;
        await using var app = await RunningApp.StartAsync(
            Quick,
            builder => builder.Services.AddHttpsRedirection(options => options.HttpsPort = 443),
            web =>
            {
                web.UseHttpsRedirection();
                web.MapGet("/", (HttpContext context) => context.IsCandorCanary() ? Interlocked.Increment(ref reached) : 0);
            });

        await Eventually.TrueAsync(() => Volatile.Read(ref reached) > 0, "a canary reaches the handler");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, (await app.Public.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Canary_passes_a_rate_limiter_that_lets_nobody_in()
    {
        var reached = 0;
        await using var app = await RunningApp.StartAsync(
            Quick,
            builder => builder.Services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(_ =>
                RateLimitPartition.GetFixedWindowLimiter(0, _ => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) }))),
            web =>
            {
                // After routing, as ASP.NET Core has it for limits of endpoints.
                web.UseRouting();
                web.UseRateLimiter();
                web.MapGet("/", (HttpContext context) => context.IsCandorCanary() ? Interlocked.Increment(ref reached) : 0);
            });
        await app.StartedAsync();
        using var first = await app.Public.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Public.GetAsync("/")).StatusCode);

        var before = Volatile.Read(ref reached);
        await Eventually.TrueAsync(() => Volatile.Read(ref reached) > before + 2, "canaries go on reaching the handler");
    }

    [Fact]
    public async Task Canary_of_an_http2_service_speaks_its_protocol()
    {
        var protocol = "";
        await using var app = await RunningApp.StartAsync(
            Quick,
            builder => builder.Configuration["Kestrel:EndpointDefaults:Protocols"] = "Http2",
            web => web.MapGet("/", (HttpContext context) => protocol = context.IsCandorCanary() ? context.Request.Protocol : protocol));

        await Eventually.TrueAsync(() => protocol.Length > 0, "a canary reaches the handler");
        Assert.Equal("HTTP/2", protocol);
    }
}
