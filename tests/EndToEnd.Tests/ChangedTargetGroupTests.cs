using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.EndToEnd.Tests;

/// <summary>Another Plan for a running stack: what the balancer takes over, and what it says it cannot.</summary>
public sealed class ChangedTargetGroupTests
{
    [Fact]
    public async Task Deregistration_delay_is_taken_over_and_a_health_check_is_refused_by_name()
    {
        var plan = await RunningStack.SmallPlanAsync();
        await using var stack = await RunningStack.StartAsync(plan, speed: 5);
        var before = (await stack.StatusAsync()).Pods.Select(p => (p.Name, p.ProcessId)).ToList();

        var said = await stack.Client.ApplyAsync(RunningStack.With(plan, ResourceTypes.TargetGroup, inputs => inputs["deregistrationDelay"] = 45));
        Assert.Equal("target group orders: deregistration delay goes from 6 s to 9 s", said);

        var refused = await Assert.ThrowsAsync<LocalException>(() => stack.Client.ApplyAsync(RunningStack.With(plan, ResourceTypes.TargetGroup, inputs =>
        {
            inputs["healthCheck"]!["path"] = "/elsewhere";
            inputs["slowStart"] = 60;
        })));
        Assert.Contains("health check path goes from /health to /elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Contains("slow start goes from 0 s to 12 s", refused.Message, StringComparison.Ordinal);

        var status = await stack.UntilHealthyAsync();
        Assert.Equal(before, status.Pods.Select(p => (p.Name, p.ProcessId)).ToList());
    }
}
