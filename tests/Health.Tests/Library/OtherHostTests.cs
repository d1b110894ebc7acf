using System.Net;
using Candor.Contract;
using Candor.Health.Settings;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Library;

/// <summary>Other hosts and servers than the ordinary web host.</summary>
public sealed class OtherHostTests
{
    [Fact]
    public async Task Test_server_answers_health_and_management_without_a_socket()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCandor(new HealthContract { Canary = new() { Route = "/", Interval = TimeSpan.FromMilliseconds(60), Timeout = TimeSpan.FromMilliseconds(50) } });
        builder.WebHost.UseTestServer();
        builder.Services.AddAuthentication("none").AddCookie("none");
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => "private");
        app.MapCandor();
        await app.StartAsync();
        var server = app.GetTestServer();
        using var client = server.CreateClient();
        using var management = server.CreateClient();
        management.BaseAddress = new("http://localhost:9090");

        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, "it is ready");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await client.GetAsync("/metrics")).StatusCode);
        foreach (var path in new[] { "/metrics", "/drain", "/contract", "/health" })
        {
            Assert.Equal(HttpStatusCode.OK, (await management.GetAsync(path)).StatusCode);
        }

        // Nobody of this process listens on the contract's port, so a canary would ask a stranger or nobody.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
        Assert.Contains("candor_canary_total{outcome=\"failed\"} 0", await management.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_registered_after_candor_keeps_management_off_the_app_and_is_named()
    {
        var contract = new HealthContract { Port = FreePort.Next(), ManagementPort = FreePort.Next() };
        var builder = WebApplication.CreateBuilder();
        var log = new KeptLog();
        builder.Logging.AddProvider(log);
        builder.AddCandor(contract);
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.MapCandor();
        await app.StartAsync();
        using var client = new HttpClient();

        Assert.Equal("hello", await client.GetStringAsync(new Uri($"http://127.0.0.1:{contract.Port}/")));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri($"http://127.0.0.1:{contract.ManagementPort}/"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://127.0.0.1:{contract.ManagementPort}/metrics"))).StatusCode);
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri($"http://127.0.0.1:{contract.Port}/health"))).StatusCode == HttpStatusCode.OK, "it is ready");
        Assert.Contains(log.Lines, line => line.Contains("registered after AddCandor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_without_a_server_answers_probes_and_metrics()
    {
        var contract = new HealthContract { Port = FreePort.Next(), ManagementPort = FreePort.Next(), Freshness = TimeSpan.FromMilliseconds(20) };
        var healthy = true;
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Environment.EnvironmentName = "Production";
        builder.AddCandor(contract);
        builder.Services.AddHealthChecks().AddCheck("mine", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        using var host = builder.Build();
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{contract.Port}") };

        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, "it is ready");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/")).StatusCode);
        Assert.Contains("candor_health_ready 1", await client.GetStringAsync(new Uri($"http://127.0.0.1:{contract.ManagementPort}/metrics")), StringComparison.Ordinal);

        healthy = false;
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).StatusCode == HttpStatusCode.ServiceUnavailable, "it is not ready");
        await host.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Empty_builder_whose_server_comes_later_answers_health()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.AddCandor(new HealthContract(), options => options.DynamicPorts = true);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddLogging();
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.MapCandor();
        await app.StartAsync();
        using var client = new HttpClient();
        var url = app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(url + "/health"))).StatusCode == HttpStatusCode.OK, "it is ready");
    }

    [Fact]
    public void Second_call_is_refused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCandor(new HealthContract());

        Assert.Contains("twice", Assert.Throws<InvalidSettingException>(() => builder.AddCandor(new HealthContract())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_with_the_name_of_a_dependency_is_refused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCandor(new HealthContract { Dependencies = [new() { Name = "other", Kind = DependencyKind.Http }] });
        builder.Services.AddHttpSource("other", _ => new(new("http://127.0.0.1:1/")));
        builder.Services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Healthy());
        using var app = builder.Build();

        var refused = Assert.Throws<InvalidSettingException>(() => app.MapCandor());
        Assert.Contains("\"other\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AddCheck", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_of_the_frameworks_health_checks_in_the_way_is_named_with_its_call()
    {
        var refused = await Assert.ThrowsAsync<InvalidSettingException>(() => RunningApp.StartAsync(
            build: builder => builder.Services.AddHealthChecks(), map: app => app.MapHealthChecks("/health")));

        Assert.Contains("MapHealthChecks(\"/health\")", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MapDefaultEndpoints", refused.Message, StringComparison.Ordinal);
    }
}
