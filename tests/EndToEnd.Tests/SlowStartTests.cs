using System.Net;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.EndToEnd.Tests;

/// <summary>A target group with slow start gives a new target few requests at first, and its full share in the end.</summary>
[Collection(Alone.Name)]
public sealed class SlowStartTests
{
    private const double Speed = 8;
    private const int Requests = 240;

    /// <summary>In the Plan, so before it is divided by the speed.</summary>
    private static readonly TimeSpan _slowStart = TimeSpan.FromSeconds(80);

    [Fact]
    public async Task New_target_gets_few_requests_at_first_and_its_full_share_when_slow_start_is_over()
    {
        var plan = RunningStack.With(
            await RunningStack.SmallPlanAsync(), ResourceTypes.TargetGroup, inputs => inputs["slowStart"] = _slowStart.TotalSeconds);
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        var old = (await stack.StatusAsync()).Targets.Select(t => t.Pod).ToHashSet();
        await Task.Delay(_slowStart / Speed, TimeProvider.System);

        await stack.Client.ScaleAsync(old.Count + 1);
        await stack.UntilAsync(
            s => s.Targets.Any(t => !old.Contains(t.Pod) && t.State == TargetState.Healthy), "the new target is healthy");
        var first = await SharesAsync(stack, old);
        Assert.True(
            first.New < first.LeastOld / 2,
            $"at first the new target got {first.New} requests, and the others at least {first.LeastOld}:\n{stack.Story()}");

        await Task.Delay(_slowStart / Speed, TimeProvider.System);
        var last = await SharesAsync(stack, old);
        Assert.True(
            last.New > last.LeastOld * 3 / 4,
            $"at last the new target got {last.New} requests, and the others at least {last.LeastOld}:\n{stack.Story()}");
    }

    /// <summary>What the new target and the least used of the old ones were given of some requests, sent one after the other.</summary>
    private static async Task<(long New, long LeastOld)> SharesAsync(RunningStack stack, HashSet<string> old)
    {
        var before = await CountsAsync(stack);
        for (var i = 0; i < Requests; i++)
        {
            using var answer = await stack.Http.GetAsync("/orders?limit=1");
            await stack.ExpectAsync(HttpStatusCode.OK, answer);
        }

        // The balancer is asked for its counts once a round.
        await stack.UntilAsync(s => s.Targets.Sum(t => t.Requests) >= before.Values.Sum() + Requests, "every request is counted");
        var after = await CountsAsync(stack);
        var given = after.ToDictionary(target => target.Key, target => target.Value - before.GetValueOrDefault(target.Key));
        return (
            given.Single(target => !old.Contains(target.Key)).Value,
            given.Where(target => old.Contains(target.Key)).Min(target => target.Value));
    }

    private static async Task<Dictionary<string, long>> CountsAsync(RunningStack stack) =>
        (await stack.StatusAsync()).Targets.ToDictionary(target => target.Pod, target => target.Requests);
}
