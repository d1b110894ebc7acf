using System.Net;
using System.Net.Sockets;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.EndToEnd.Tests;

/// <summary>
/// Another Plan for a running stack: the balancer takes over what it changes of target groups and listeners, or nothing is applied.
/// </summary>
[Collection(Alone.Name)]
public sealed class ChangedTargetGroupTests
{
    private const double Speed = 5;

    [Fact]
    public async Task Balancer_goes_over_to_another_health_check_and_listener_under_load_and_fails_no_request()
    {
        var plan = RunningStack.Small(await RunningStack.LongDeadlinesPlanAsync());
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        var before = Replicas(await stack.StatusAsync());
        await using var load = LoadGenerator.Start(stack.Url, rate: 200, TimeSpan.FromSeconds(2));

        Assert.Equal(
            "target group orders: deregistration delay goes from 6 s to 9 s",
            await ApplyAsync(Group(plan, group => group["deregistrationDelay"] = 45)));

        // A path that nobody answers: had it been taken over in words only, every target would stay healthy. The group fails open.
        var broken = Group(plan, group =>
        {
            group["healthCheck"]!["path"] = "/elsewhere";
            group["healthCheck"]!["interval"] = 5;
            group["healthCheck"]!["unhealthyThreshold"] = 2;
        });
        var said = await ApplyAsync(broken);
        Assert.Contains("health check path goes from /health to /elsewhere", said, StringComparison.Ordinal);
        Assert.Contains("interval goes from 2 s to 1 s", said, StringComparison.Ordinal);
        Assert.All((await stack.StatusAsync()).Targets, target => Assert.Equal(TargetState.Healthy, target.State));
        await stack.UntilAsync(
            s => s.Targets.All(t => t is { State: TargetState.Unhealthy, Reason: "answered 404" }), "the new path is what is asked");

        // While no target is healthy, another process takes over: the group has to go on failing open.
        var longIdle = RunningStack.With(plan, ResourceTypes.LoadBalancer, balancer => balancer["idleTimeout"] = 100);
        said = await ApplyAsync(RunningStack.With(longIdle, ResourceTypes.TargetGroup, group => group["slowStart"] = 30));
        Assert.Contains("listener http: idle timeout goes from 12 s to 20 s", said, StringComparison.Ordinal);
        Assert.Contains("slow start goes from 0 s to 6 s", said, StringComparison.Ordinal);
        var status = await stack.UntilHealthyAsync();
        Assert.Equal(before, Replicas(status));

        // Whoever is still connected to the one before must not be sent to a replica that is gone.
        await stack.Client.RestartAsync();
        await stack.UntilHealthyAsync();
        await stack.UntilAsync(
            _ => Directory.GetFiles(stack.Options.StateDirectory, "haproxy-*.cfg").Length == 1, "the balancers before have ended");

        var result = await load.StopAsync();
        Assert.True(
            result.Failed == 0,
            $"{result.Failed} of {result.Requests} requests failed:\n{string.Join('\n', result.Failures)}\n{stack.Story()}");

        Task<string> ApplyAsync(Plan next) => stack.Client.ApplyAsync(next);
    }

    [Fact]
    public async Task Plan_that_the_balancer_cannot_take_over_is_refused_whole()
    {
        var plan = await RunningStack.SmallPlanAsync();
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        var before = Replicas(await stack.StatusAsync());

        using var other = new TcpListener(IPAddress.Loopback, stack.Options.Listen.Port + 1);
        other.Start();
        var listener = plan.Index.OfType(ResourceTypes.Listener).First();
        var taken = await Assert.ThrowsAsync<LocalException>(() => stack.Client.ApplyAsync(
            plan with { Resources = [.. plan.Resources, listener with { Name = "second" }] }));
        Assert.Contains($"(listener second) needs {other.LocalEndpoint}, which is in use by", taken.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was applied.", taken.Message, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<LocalException>(() => stack.Client.ApplyAsync(Group(plan, group =>
        {
            group["deregistrationDelay"] = 45;
            group["healthCheck"]!["matcher"] = "fine";
        })));
        Assert.Contains("healthCheck.matcher is 'fine'; it must be codes and ranges", refused.Message, StringComparison.Ordinal);

        Assert.Equal("nothing changes", await stack.Client.ApplyAsync(plan));
        Assert.Equal(before, Replicas(await stack.UntilHealthyAsync()));
    }

    private static Plan Group(Plan plan, Action<System.Text.Json.Nodes.JsonNode> change) =>
        RunningStack.With(plan, ResourceTypes.TargetGroup, change);

    private static List<(string Name, int? ProcessId)> Replicas(LocalStatus status) => [.. status.Pods.Select(p => (p.Name, p.ProcessId))];
}
