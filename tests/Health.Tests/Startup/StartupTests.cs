using System.Net;
using System.Text.Json;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Postgres;
using Candor.Health.RabbitMq;
using Candor.Health.Redis;
using Candor.Health.Settings;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Startup;

/// <summary>From the process's start to the first 200.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task App_is_starting_until_every_task_has_ended_and_names_the_open_ones()
    {
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        await using var app = await RunningApp.StartAsync(build: builder =>
        {
            builder.Services.AddStartupTask("schema", (_, token) => first.Task.WaitAsync(token));
            builder.Services.AddStartupTask("cache", (_, token) => second.Task.WaitAsync(token));
        });

        var (status, body) = await app.ReadinessAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(["schema", "cache"], body.GetProperty("checks").EnumerateObject().Select(check => check.Name));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Public.GetAsync("/startupz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/healthz")).StatusCode);

        first.SetResult();
        await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Body.GetProperty("checks").EnumerateObject().Select(check => check.Name).SequenceEqual(["cache"]), "only the cache is open");
        second.SetResult();
        await app.StartedAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);
    }

    [Fact]
    public async Task Failed_task_is_named_and_keeps_the_instance_out_without_telling_the_public_why()
    {
        await using var app = await RunningApp.StartAsync(build: builder =>
            builder.Services.AddStartupTask("schema", (_, _) => throw new InvalidOperationException("table orders is in the way; Password=hunter2")));

        await Eventually.TrueAsync(async () => (await app.DetailAsync()).Body.GetRawText().Contains("table orders", StringComparison.Ordinal), "the management port says why");
        var (status, body) = await app.ReadinessAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True(body.GetProperty("checks").TryGetProperty("schema", out _));
        Assert.DoesNotContain("table orders", body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, line => line.Contains("start-up task schema failed", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Task_that_may_be_repeated_is_tried_again_until_it_ends()
    {
        var tries = 0;
        await using var app = await (await RunningApp.StartAsync(build: builder => builder.Services.AddStartupTask(
            "schema",
            (_, _) => Interlocked.Increment(ref tries) < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
            TimeSpan.FromMilliseconds(10)))).StartedAsync();

        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task App_without_the_second_line_does_not_start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCandor(new HealthContract());
        await using var app = builder.Build();

        var refused = await Assert.ThrowsAsync<InvalidSettingException>(() => app.StartAsync());
        Assert.Contains("MapCandor", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void App_without_the_first_line_is_reported_so()
    {
        using var app = WebApplication.CreateBuilder().Build();

        Assert.Contains("AddCandor", Assert.Throws<InvalidSettingException>(() => app.MapCandor()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DependencyKind.Postgres, "NpgsqlDataSource")]
    [InlineData(DependencyKind.Redis, "IConnectionMultiplexer")]
    [InlineData(DependencyKind.RabbitMq, "IConnection")]
    [InlineData(DependencyKind.Http, "HttpSource")]
    public void Dependency_that_nobody_registered_is_named_with_what_to_register(string kind, string type)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddCandorPostgres().AddCandorRedis().AddCandorRabbitMq();
        builder.AddCandor(new HealthContract { Dependencies = [new() { Name = "thing", Kind = kind }] });

        var refused = Assert.Throws<InvalidSettingException>(() => builder.Build().MapCandor());
        Assert.Contains("\"thing\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains(type, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DependencyKind.Postgres, "Candor.Health.Postgres", "AddCandorPostgres()")]
    [InlineData(DependencyKind.Redis, "Candor.Health.Redis", "AddCandorRedis()")]
    [InlineData(DependencyKind.RabbitMq, "Candor.Health.RabbitMq", "AddCandorRabbitMq()")]
    [InlineData("mysql", "AddDependencyKind", "http")]
    public void Kind_without_a_check_is_named_with_how_to_get_one(string kind, string fix, string further)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCandor(new HealthContract { Dependencies = [new() { Name = "thing", Kind = kind, Port = 3306 }] });

        var refused = Assert.Throws<InvalidSettingException>(() => builder.Build().MapCandor());
        Assert.Contains($"\"{kind}\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fix, refused.Message, StringComparison.Ordinal);
        Assert.Contains(further, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kind_of_the_apps_own_is_checked_by_its_own_check()
    {
        await using var app = await RunningApp.StartAsync(
            new() { Dependencies = [new() { Name = "thing", Kind = "mysql", Port = 3306 }] },
            builder => builder.Services.AddDependencyKind<OwnKind>());
        await app.StartedAsync();

        HttpStatusCode status = default;
        JsonElement body = default;
        // On a busy machine the first answer may come before any check has ended.
        await Eventually.TrueAsync(
            async () =>
            {
                (status, body) = await app.ReadinessAsync();
                return body.TryGetProperty("checks", out var checks) && checks.TryGetProperty("thing", out _);
            },
            "the check has ended");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("authentication", body.GetProperty("checks").GetProperty("thing").GetProperty("reason").GetString());
    }

    private sealed class OwnKind : IDependencyKind
    {
        public string Kind => "mysql";

        public IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services) => new OwnCheck();

        private sealed class OwnCheck : IHealthCheck
        {
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
                Task.FromResult(CheckResults.Failed(context, Reason.Authentication));
        }
    }

    [Fact]
    public void Contract_that_does_not_hold_is_refused_with_every_violation()
    {
        var wrong = new HealthContract { ManagementPort = 8080, Balancer = new() { Timeout = TimeSpan.FromSeconds(20) } };

        Assert.True(Assert.Throws<InvalidContractException>(() => WebApplication.CreateBuilder().AddCandor(wrong)).Violations.Count >= 2);
    }

    [Theory]
    [InlineData("CANDOR_BIND", "everywhere")]
    [InlineData("CANDOR_DISK", "/no/such/directory")]
    public void Setting_that_cannot_be_used_is_named(string name, string value)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration[name] = value;

        var refused = Assert.Throws<InvalidSettingException>(() => builder.AddCandor(new HealthContract()));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(value, refused.Message, StringComparison.Ordinal);
    }
}
