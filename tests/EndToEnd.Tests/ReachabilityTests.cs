using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;
using Candor.Testing.Privileges;

namespace Candor.EndToEnd.Tests;

/// <summary>
/// A Plan whose rules lack a flow fails here as it would in the cloud: in silence, not by refusal. The same in both modes.
/// </summary>
public sealed class ReachabilityTests
{
    private const double Speed = 5;

    [Fact]
    public Task Balancer_that_no_security_group_rule_admits_finds_silent_targets() => FindSilentTargetsAsync(isolated: false);

    [RootFact]
    public Task Balancer_that_no_security_group_rule_admits_finds_silent_targets_in_their_own_networks() =>
        FindSilentTargetsAsync(isolated: true);

    [Fact]
    public Task Service_without_a_way_to_its_database_never_gets_ready() => NeverGetReadyAsync(isolated: false);

    [RootFact]
    public Task Service_without_a_way_to_its_database_never_gets_ready_in_its_own_network() => NeverGetReadyAsync(isolated: true);

    private static async Task FindSilentTargetsAsync(bool isolated)
    {
        var plan = await RunningStack.SmallPlanAsync();
        plan = plan with
        {
            Resources = [
                .. plan.Resources.Where(r => !(
                    r.Type == ResourceTypes.SecurityGroupIngressRule
                        && r.Name.StartsWith("pods-from-balancer", StringComparison.Ordinal)))],
        };
        await using var stack = await RunningStack.BeginAsync(plan, Speed, isolated);

        var status = await stack.UntilAsync(
            s => s.Targets.Count == 2
                    && s.Targets.All(t => t.Reason.Contains(
                        "no connection within the timeout", StringComparison.Ordinal)), "both targets are silent to the balancer");

        // The kubelet's probes come from the node and pass; it is the readiness gate that holds the rollout.
        Assert.All(status.Pods.Where(p => p.Workload == "orders"), pod =>
        {
            Assert.False(pod.Ready);
            Assert.StartsWith("readiness gate", pod.Reason, StringComparison.Ordinal);
        });
        AssertWarnedOfAlone(stack, "balancer to orders, port 8080 (SecurityGroup");
    }

    private static async Task NeverGetReadyAsync(bool isolated)
    {
        var plan = await RunningStack.SmallPlanAsync();
        plan = plan with
        {
            Resources = [
                .. plan.Resources.Select(
                    r => r.Type == ResourceTypes.NetworkPolicy && r.KubernetesName == "orders" ? WithoutEgress(r, 5432) : r)],
        };
        await using var stack = await RunningStack.BeginAsync(plan, Speed, isolated);

        var status = await stack.UntilAsync(
            s => s.Pods.Count(p => p.Workload == "orders" && p.Reason.Contains(
                    "503", StringComparison.Ordinal)) == 2, "both pods say that they are not ready");

        Assert.True(status.Pods.Single(p => p.Workload == "database").Ready);
        Assert.Empty(status.Targets);
        AssertWarnedOfAlone(stack, "orders to database, port 5432 (NetworkPolicy");
    }

    /// <summary>The flow that is missed is told once, and of those that are closed on purpose none.</summary>
    private static void AssertWarnedOfAlone(RunningStack stack, string flow)
    {
        var warning = Assert.Single(stack.Events, e => e.Subject == "network");
        Assert.Equal(LocalEventKind.Warning, warning.Kind);
        Assert.StartsWith(
            $"1 needed flow is closed by the Plan's rules; connections there time out: {flow}", warning.Message, StringComparison.Ordinal);
    }

    private static PlanResource WithoutEgress(PlanResource policy, int port)
    {
        var inputs = policy.Inputs.ToNode()!;
        var egress = inputs["spec"]!["egress"]!.AsArray();
        foreach (var rule in egress.Where(rule => rule!["ports"]!.AsArray().Any(p => (int)p!["port"]!.GetValue<double>() == port)).ToList())
        {
            egress.Remove(rule);
        }

        return policy with { Inputs = PlanValue.From(inputs) };
    }
}
