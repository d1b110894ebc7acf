using System.Text.Json.Nodes;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.EndToEnd.Tests;

/// <summary>The first article's promise: whatever is done to the replicas on purpose, no user sees it.</summary>
[Collection(Alone.Name)]
public sealed class ZeroDowntimeTests
{
    private const double Speed = 3;
    private const int Rate = 300;
    private const long Enough = 20_000;

    [Fact]
    public async Task Replicas_restarted_scaled_ended_drained_and_rolled_back_under_load_fail_no_request()
    {
        var plan = await RunningStack.LongDeadlinesPlanAsync();
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        await using var load = LoadGenerator.Start(stack.Url, Rate, TimeSpan.FromSeconds(2));

        await stack.Client.RestartAsync();
        await stack.UntilHealthyAsync();

        await stack.Client.ScaleAsync(3);
        await stack.UntilHealthyAsync();
        await stack.Client.ScaleAsync(2);
        await stack.UntilHealthyAsync();
        await stack.UntilAsync(s => s.Pods.Count(p => p.Workload == "orders") == 2, "the third replica is gone");

        await EndOneBySignalAsync(stack);
        await DrainOneByHandAsync(stack);
        await RollOutABrokenVersionAndGoBackAsync(stack, plan);

        await stack.UntilAsync(_ => load.Requests >= Enough, $"{Enough} requests were sent");
        var result = await load.StopAsync();
        Assert.True(
            result.Failed == 0,
            $"{result.Failed} of {result.Requests} requests failed:\n{string.Join('\n', result.Failures)}\n{stack.Story()}");
        Assert.True(result.Slow > 20, $"only {result.Slow} requests took seconds");
    }

    private static async Task EndOneBySignalAsync(RunningStack stack)
    {
        var pod = (await stack.StatusAsync()).Pods.First(p => p.Workload == "orders");
        Assert.True(Signals.Send(pod.ProcessId!.Value, Signal.Terminate));
        var status = await stack.UntilAsync(
            s => s.Healthy && s.Pods.Any(p => p.Name == pod.Name && p.Restarts > pod.Restarts),
            "the replica that was told to end has come back");
        Assert.Equal(0, status.Pods.Single(p => p.Name == pod.Name).LastExitCode);
    }

    private static async Task DrainOneByHandAsync(RunningStack stack)
    {
        var pod = (await stack.StatusAsync()).Pods.Last(p => p.Workload == "orders");
        await stack.Client.DrainAsync(pod.Name);
        await stack.UntilAsync(
            s => !s.Targets.Any(t => t.Pod == pod.Name && t.State == TargetState.Healthy), "the draining replica gets no requests");
        // Who drained a replica by hand replaces it by hand.
        await stack.Client.RestartAsync();
        await stack.UntilAsync(
            s => s.Healthy && s.Pods.Count(p => p.Workload == "orders") == 2 && s.Pods.All(p => p.Name != pod.Name),
            "the drained replica is replaced");
    }

    private static async Task RollOutABrokenVersionAndGoBackAsync(RunningStack stack, Plan plan)
    {
        var before = (await stack.StatusAsync()).Pods.Where(p => p.Workload == "orders").Select(p => p.Name).ToHashSet();
        await stack.Client.ApplyAsync(Broken(plan));
        var status = await stack.UntilAsync(
            s => s.Pods.Any(
                    p => p.Workload == "orders" && !before.Contains(p.Name) && p.Restarts > 0), "the broken version was tried and failed");
        Assert.All(before, name => Assert.Equal("Running", status.Pods.Single(p => p.Name == name).Phase));

        await stack.Client.UndoAsync();
        status = await stack.UntilAsync(
            s => s.Healthy
                    && s.Workloads.All(w => w.State == RolloutState.Complete)
                    && s.Pods.Count(p => p.Workload == "orders") == 2, "the version before is whole again");
        Assert.Equal(before, status.Pods.Where(p => p.Workload == "orders").Select(p => p.Name).ToHashSet());
    }

    /// <summary>The same program with a setting that it cannot start with.</summary>
    private static Plan Broken(Plan plan) => plan with
    {
        Resources =
        [
            .. plan.Resources.Select(resource =>
            {
                if (resource.Type != ResourceTypes.Deployment)
                {
                    return resource;
                }

                var inputs = resource.Inputs.ToNode()!;
                var environment = inputs["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
                foreach (var entry in environment.Where(e => e!["name"]!.GetValue<string>() == "ConnectionStrings__database").ToList())
                {
                    environment.Remove(entry);
                }

                environment.Add(new JsonObject { ["name"] = "ConnectionStrings__database", ["value"] = "nonsense" });
                return resource with { Inputs = PlanValue.From(inputs) };
            }),
        ],
    };
}
