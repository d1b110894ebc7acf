using Candor.Health.Checks;
using Candor.Health.Postgres;
using Candor.Health.Tests.Hosting;
using Candor.Health.Tests.Orders;
using Npgsql;

namespace Candor.Health.Tests.Checks;

/// <summary>What is read of a pool, against the driver's real metrics.</summary>
[Collection(OrdersTests.Name)]
public sealed class NpgsqlPoolTests(OrdersServers servers)
{
    [Theory]
    [InlineData(null)]
    [InlineData("a name of its own")]
    public async Task Callers_that_wait_are_counted_for_as_long_as_they_wait(string? name)
    {
        await using var source = Source(2, name);
        using var pool = new NpgsqlPool("database", source);
        await pool.RecognizeAsync(() => AskAsync(source));
        Assert.Equal(new PoolUse(0, 2, 0), pool.Read());

        var held = await Task.WhenAll(source.OpenConnectionAsync().AsTask(), source.OpenConnectionAsync().AsTask());
        using var givesUp = new CancellationTokenSource();
        var waiting = source.OpenConnectionAsync().AsTask();
        var leaving = source.OpenConnectionAsync(givesUp.Token).AsTask();
        await Eventually.TrueAsync(() => Task.FromResult(pool.Read() == new PoolUse(2, 2, 2)), "both wait");
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        // Looking does not forget who waits.
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => pool.Read().Waiting));
        await held[0].DisposeAsync();
        await (await waiting).DisposeAsync();
        await held[1].DisposeAsync();

        Assert.Equal(new PoolUse(0, 2, 0), pool.Read());
    }

    [Fact]
    public async Task Pools_of_one_connection_string_are_distinguished_by_their_data_source()
    {
        await using var mine = Source(3, "mine");
        await using var other = Source(3, "other");
        using var pool = new NpgsqlPool("database", mine);
        await pool.RecognizeAsync(() => AskAsync(mine));
        await using var held = await other.OpenConnectionAsync();

        Assert.Equal(0, pool.Read().InUse);
        await using var own = await mine.OpenConnectionAsync();
        Assert.Equal(1, pool.Read().InUse);
    }

    [Fact]
    public async Task Callers_that_wait_in_front_of_the_pool_are_counted_too()
    {
        await using var source = Source(2, null);
        using var pool = new NpgsqlPool("database", source, () => 7);

        Assert.Equal(7, pool.Read().Waiting);
        Assert.True(pool.Read().IsFull);
    }

    private NpgsqlDataSource Source(int size, string? name)
    {
        var builder = new NpgsqlDataSourceBuilder(servers.Postgres.ConnectionString() + $";Maximum Pool Size={size}") { Name = name };
        return builder.Build();
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select 1");
        return await command.ExecuteScalarAsync();
    }
}
