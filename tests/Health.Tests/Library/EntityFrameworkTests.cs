using Candor.Contract;
using Candor.Health.Postgres;
using Candor.Health.Tests.Hosting;
using Candor.Health.Tests.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Candor.Health.Tests.Library;

/// <summary>Entity Framework Core's pool is the one that health looks at, or the app is told that it is not.</summary>
[Collection(OrdersTests.Name)]
public sealed class EntityFrameworkTests(OrdersServers servers)
{
    private const string Warning = "2 pools for the database of \"database\"";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Second_pool_of_a_context_is_warned_of_and_a_shared_one_is_not(bool shared)
    {
        // A database of its own, so that the pools of other tests in this process do not count.
        var name = shared ? "ef_shared" : "ef_own";
        await using (var server = NpgsqlDataSource.Create(servers.Postgres.ConnectionString()))
        {
            await using var command = server.CreateCommand($"CREATE DATABASE {name}");
            await command.ExecuteNonQueryAsync();
        }

        var connection = servers.Postgres.ConnectionString(name) + ";Maximum Pool Size=4";
        await using var app = await RunningApp.StartAsync(
            new() { Freshness = TimeSpan.FromMilliseconds(20), Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }] },
            builder =>
            {
                builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
                builder.Services.AddCandorPostgres();
                builder.Services.AddDbContext<Shop>((services, options) => _ = shared
                    ? options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
                    : options.UseNpgsql(connection));
            },
            web => web.MapGet("/", (Shop shop) => shop.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").SingleAsync()));
        await app.StartedAsync();
        Assert.Equal("1", await app.Public.GetStringAsync("/"));

        if (shared)
        {
            for (var evaluation = 0; evaluation < 40; evaluation++)
            {
                await app.ReadinessAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
            }

            Assert.DoesNotContain(app.Log.Lines, line => line.Contains("pools for the database", StringComparison.Ordinal) && line.Contains("\"database\"", StringComparison.Ordinal));
        }
        else
        {
            await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status != 0 && app.Log.Lines.Any(line => line.Contains(Warning, StringComparison.Ordinal)), "the app is warned");
        }
    }

    private sealed class Shop(DbContextOptions<Shop> options) : DbContext(options);
}
