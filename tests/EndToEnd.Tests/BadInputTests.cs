using System.Net;
using System.Net.Sockets;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.EndToEnd.Tests;

/// <summary>What a person has to put right is said in one message, and nothing is left running.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Port_in_use_is_reported_with_its_holder_before_anything_starts()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = (IPEndPoint)holder.LocalEndpoint;
        await using var stack = await RunningStack.BeginAsync(
            await RunningStack.SmallPlanAsync(), 5, change: options => options with { Listen = taken });

        var error = await Assert.ThrowsAsync<LocalException>(stack.EndedAsync);

        Assert.Contains($"{taken}, which is in use by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Events, e => e.Message.StartsWith("started as process", StringComparison.Ordinal));
        Assert.False(stack.Client.IsRunning);
    }

    [Fact]
    public async Task Database_that_does_not_start_is_reported_with_its_last_lines_and_keeps_its_data()
    {
        await using var stack = await RunningStack.BeginAsync(await RunningStack.SmallPlanAsync(), 5, change: options =>
        {
            // A cluster that was cut off in the middle of something.
            var cluster = Path.Combine(options.StateDirectory, "data", "orders", "database-0", "pgdata");
            Directory.CreateDirectory(cluster);
            File.WriteAllText(Path.Combine(cluster, "PG_VERSION"), "15\n");
            return options;
        });

        var error = await Assert.ThrowsAsync<LocalException>(stack.EndedAsync);

        Assert.Contains("does not start (pod database-0)", error.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql.conf", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(stack.Options.StateDirectory, "data", "orders", "database-0", "pgdata", "PG_VERSION")));
        Assert.False(stack.Client.IsRunning);
    }

    [Fact]
    public async Task Image_that_nothing_stands_for_is_reported_with_those_that_are_known()
    {
        await using var stack = await RunningStack.BeginAsync(
            await RunningStack.SmallPlanAsync(), 5, change: options => options with { Programs = new Dictionary<string, LocalProgram>() });

        var error = await Assert.ThrowsAsync<LocalException>(stack.EndedAsync);

        Assert.Contains("Nothing on this machine stands for the image", error.Message, StringComparison.Ordinal);
        Assert.Contains("postgres", error.Message, StringComparison.Ordinal);
    }
}
