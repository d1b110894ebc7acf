using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Health.Tests.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Candor.Health.Postgres;
using Npgsql;

namespace Candor.Health.Tests.Faults;

/// <summary>What breaks inside an app while its dependencies are fine. Each test states the truth and the verdict.</summary>
[Collection(FaultTests.Name)]
public sealed class HandlerFaultTests(OrdersServers servers)
{
    [Fact]
    public async Task F205_pool_emptied_by_handlers_is_called_saturated_and_not_down()
    {
        var connection = new NpgsqlConnectionStringBuilder(servers.Postgres.ConnectionString()) { MaxPoolSize = 4, Timeout = 2 };
        await using var database = NpgsqlDataSource.Create(connection);
        await using var app = await RunningApp.StartAsync(
            new() { Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }] },
            builder => builder.Services.AddCandorPostgres().AddSingleton(database),
            web => web.MapGet("/query", async () =>
            {
                await using var command = database.CreateCommand("select 1");
                return await command.ExecuteScalarAsync() is 1 ? Results.Ok() : Results.Problem();
            }));
        await app.StartedAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/query")).StatusCode);

        // Handlers that never give their connections back.
        var leaked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenConnectionAsync().AsTask()));
        await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status == HttpStatusCode.ServiceUnavailable, "it is not ready");
        var (_, verdict) = await app.ReadinessAsync();
        var user = await app.Public.GetAsync("/query");
        await Task.WhenAll(leaked.Select(connection => connection.DisposeAsync().AsTask()));
        await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status == HttpStatusCode.OK, "it is ready again");

        Assert.Equal(HttpStatusCode.InternalServerError, user.StatusCode);
        Assert.Equal("pool saturated", verdict.GetProperty("checks").GetProperty("database").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task F212_check_that_blocks_and_ignores_its_token_fails_alone_and_holds_up_nobody()
    {
        using var never = new ManualResetEventSlim();
        await using var app = await RunningApp.StartAsync(
            build: builder => builder.Services.AddHealthChecks()
                .AddCheck(
                    "hanging",
                    () =>
                    {
                        never.Wait(TimeSpan.FromSeconds(30));
                        return HealthCheckResult.Healthy();
                    },
                    tags: null,
                    timeout: TimeSpan.FromMilliseconds(100))
                .AddCheck("fine", () => HealthCheckResult.Healthy()),
            map: web => web.MapGet("/work", () => "done"));
        await app.StartedAsync();

        var asked = TimeProvider.System.GetTimestamp();
        var (status, verdict) = await app.ReadinessAsync();
        var took = TimeProvider.System.GetElapsedTime(asked);
        var user = await app.Public.GetAsync("/work");
        never.Set();

        Assert.Equal(HttpStatusCode.OK, user.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("timed out", verdict.GetProperty("checks").GetProperty("hanging").GetProperty("reason").GetString());
        Assert.Equal("healthy", verdict.GetProperty("checks").GetProperty("fine").GetProperty("status").GetString());
        Assert.True(took < TimeSpan.FromSeconds(30), $"The prober waited for the check itself: {took}.");
    }
}
