using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Candor.Contract;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Testing.Privileges;

namespace Candor.EndToEnd.Tests;

/// <summary>The development stack as a user has it.</summary>
[Collection(Alone.Name)]
public sealed class SkeletonTests
{
    private const double Speed = 4;

    private RunningStack _stack = null!;

    [Fact]
    public Task Stack_through_a_life_of_orders_a_killed_replica_a_stopped_database_and_a_clean_end() => LiveAsync(isolated: false);

    [RootFact]
    public Task Stack_with_a_network_for_every_pod_through_the_same_life() => LiveAsync(isolated: true);

    private async Task LiveAsync(bool isolated)
    {
        var plan = await RunningStack.LongDeadlinesPlanAsync();
        await using var stack = await RunningStack.StartAsync(isolated ? RunningStack.Small(plan) : plan, Speed, isolated);
        _stack = stack;
        await AnOrderGoesThrough();
        await AKilledReplicaReturnsWhileRequestsGoOn();
        await AStoppedDatabaseShowsWithinTheBoundAndRecovers();
        await EverythingEndsInOrder();
    }

    private async Task AnOrderGoesThrough()
    {
        using var created = await _stack.Http.PostAsJsonAsync("/orders", new { item = "tea", quantity = 2 });
        await _stack.ExpectAsync(HttpStatusCode.Created, created);

        var order = await _stack.Http.GetFromJsonAsync<JsonElement>(created.Headers.Location);
        Assert.Equal("tea", order.GetProperty("item").GetString());
    }

    private async Task AKilledReplicaReturnsWhileRequestsGoOn()
    {
        var victim = (await _stack.StatusAsync()).Pods.First(p => p.Workload == "orders");
        Terminate(victim.ProcessId!.Value, 9);

        // Once its end has been heard of, or it is back before that, not one request may fail.
        await _stack.UntilAsync(
            s => !s.Targets.Any(t => t.Pod == victim.Name && t.State == TargetState.Healthy)
                    || s.Pods.Any(p => p.Name == victim.Name && p is { Restarts: 1, Ready: true }),
            "the dead replica gets no requests, or serves again");
        for (var i = 0; i < 50; i++)
        {
            using var answer = await _stack.Http.GetAsync("/orders?limit=1");
            await _stack.ExpectAsync(HttpStatusCode.OK, answer);
        }

        var status = await _stack.UntilHealthyAsync();
        Assert.Equal(1, status.Pods.Single(p => p.Name == victim.Name).Restarts);
    }

    private async Task AStoppedDatabaseShowsWithinTheBoundAndRecovers()
    {
        await _stack.Client.ScaleAsync(0, "database");
        await _stack.UntilAsync(s => s.Pods.All(p => p.Workload != "database"), "the database has ended");
        var since = TimeProvider.System.GetTimestamp();

        var bound = Timeline().BalancerNoticesFailure.Worst;
        while (await StatusOfHealthAsync() != HttpStatusCode.ServiceUnavailable)
        {
            // The freshness of a shared answer comes before the bound of those who ask; twice that for a machine that is busy.
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < bound * 2, $"health was not 503 within twice {bound}:\n{_stack.Story()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        await _stack.UntilAsync(s => !s.Targets.Any(t => t.State == TargetState.Healthy), "no replica gets requests");
        await _stack.Client.ScaleAsync(1, "database");
        await _stack.UntilHealthyAsync();
        using var health = await _stack.Http.GetAsync("/health");
        await _stack.ExpectAsync(HttpStatusCode.OK, health);
        using var order = await _stack.Http.PostAsJsonAsync("/orders", new { item = "tea", quantity = 1 });
        await _stack.ExpectAsync(HttpStatusCode.Created, order);
    }

    private async Task EverythingEndsInOrder()
    {
        var pids = (await _stack.StatusAsync()).Pods.Select(p => p.ProcessId!.Value).ToList();

        await _stack.StopAsync();

        var ends = _stack.Events.Where(e => e.Message.StartsWith("ended with exit code", StringComparison.Ordinal))
            .TakeLast(pids.Count)
            .ToList();
        Assert.All(ends, e => Assert.Equal("ended with exit code 0", e.Message));
        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}"), $"process {pid} is left"));
        Assert.False(_stack.Client.IsRunning);
    }

    private ContractTimeline Timeline() => ContractTimeline.Of(_stack.Plan.Contract!, new(2, 1, 0, TimeSpan.Zero)).Scale(Speed);

    private async Task<HttpStatusCode> StatusOfHealthAsync()
    {
        using var answer = await _stack.Http.GetAsync("/health");
        return answer.StatusCode;
    }

    private static void Terminate(int pid, int signal) => Assert.True(Signals.Send(pid, (Signal)signal));
}
