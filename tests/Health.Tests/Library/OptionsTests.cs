using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Candor.Health.Tests.Library;

/// <summary>Each part can be left out, and the others go on.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task Without_listening_health_is_answered_where_the_app_listens()
    {
        var own = $"http://127.0.0.1:{FreePort.Next()}";
        var contract = new HealthContract { Port = FreePort.Next(), ManagementPort = FreePort.Next() };
        await using var app = await StartAsync(contract, options => options.Listen = false, builder => builder.WebHost.UseUrls(own));
        using var client = new HttpClient();

        await ReadyAsync(client, own);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(own + "/metrics"))).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{contract.Port}/health")));
    }

    [Fact]
    public async Task Without_probe_interception_the_server_answers_probes()
    {
        await using var app = await StartAsync(new(), options => (options.DynamicPorts, options.ProbeInterception) = (true, false));
        using var client = new HttpClient();

        await ReadyAsync(client, app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        using var probe = await client.GetAsync(new Uri(app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal) + "/healthz"));
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);

        // The server names itself; the probe-intercepting listener does not.
        Assert.Contains("Kestrel", probe.Headers.Server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_watchdog_a_check_that_hangs_is_still_abandoned()
    {
        var contract = new HealthContract { Budget = new() { Deadline = TimeSpan.FromMilliseconds(300) } };
        await using var app = await StartAsync(
            contract,
            options => (options.DynamicPorts, options.Watchdog) = (true, false),
            builder => builder.Services.AddHealthChecks().AddAsyncCheck("hangs", async () =>
            {
                await Task.Delay(TimeSpan.FromMinutes(5), TimeProvider.System);
                return HealthCheckResult.Healthy();
            }));
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        var url = app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal);

        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync(new Uri(url + "/startupz"))).Contains("started", StringComparison.Ordinal), "it has started");
        Assert.Contains("timed out", await (await client.GetAsync(new Uri(url + "/health"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "DrainingLifetime")]
    [InlineData(false, "ConsoleLifetime")]
    public async Task Without_the_lifetime_the_hosts_own_is_kept(bool lifetime, string type)
    {
        await using var app = await StartAsync(new(), options => (options.DynamicPorts, options.Lifetime) = (true, lifetime));

        Assert.Equal(type, app.Services.GetRequiredService<IHostLifetime>().GetType().Name);
    }

    private static async Task<WebApplication> StartAsync(HealthContract contract, Action<CandorOptions> configure, Action<WebApplicationBuilder>? build = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = "Production";
        builder.AddCandor(contract, configure);
        build?.Invoke(builder);
        var app = builder.Build();
        app.MapCandor();
        await app.StartAsync();
        return app;
    }

    private static Task ReadyAsync(HttpClient client, string url) =>
        Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(url + "/health"))).StatusCode == HttpStatusCode.OK, "it is ready");
}
