using Candor.Local;
using Candor.Testing.Time;

namespace Candor.Infra.Tests.Local;

public sealed class TargetRegistryTests
{
    private static readonly WantedTarget _wanted = new("orders", "orders-1", "127.20.1.2", 8080);

    private static readonly TargetGroupSpec _group = new()
    {
        Name = "orders",
        Id = null,
        HealthyThreshold = 2,
        UnhealthyThreshold = 3,
        DeregistrationDelay = TimeSpan.FromSeconds(30),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly TargetRegistry _registry;

    public TargetRegistryTests() => _registry = new(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time, []);

    [Fact]
    public void New_target_gets_nothing_until_its_checks_say_that_it_is_healthy()
    {
        var registered = _registry.Follow([_wanted]);
        Assert.Contains("set server orders/t1 addr 127.20.1.2 port 8080", registered);
        Assert.Equal(
            ["set server orders/t1 state drain", "set server orders/t1 health down", "set server orders/t1 state ready"],
            registered.Where(command => command.StartsWith(
                "set server orders/t1 ", StringComparison.Ordinal) && !command.Contains("addr", StringComparison.Ordinal)));

        Assert.Empty(Observe(TargetState.Initial));
        Assert.Equal(TargetState.Initial, State());

        Assert.Equal(["set server orders/t1 health up"], Observe(TargetState.Healthy));
        Assert.Equal(TargetState.Healthy, State());
        Assert.Equal("answered 200", _registry.Targets[0].Reason);
        Assert.Empty(Observe(TargetState.Healthy));
    }

    [Fact]
    public void Deregistered_target_drains_until_its_requests_have_ended()
    {
        MakeHealthy();

        Assert.Contains("set server orders/t1 state drain", _registry.Follow([]));
        Assert.Empty(Observe(TargetState.Healthy, current: 1));
        Assert.Equal(TargetState.Draining, State());

        Assert.Contains("set server orders/t1 state maint", Observe(TargetState.Healthy));
        Assert.Empty(_registry.Targets);
    }

    [Fact]
    public void Deregistered_target_is_cut_off_when_the_delay_is_over()
    {
        MakeHealthy();
        _registry.Follow([]);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Contains("shutdown sessions server orders/t1", Observe(TargetState.Healthy, current: 1));
    }

    [Fact]
    public void Draining_target_is_held_to_a_delay_that_was_changed_meanwhile()
    {
        MakeHealthy();
        _registry.Follow([]);

        _registry.Apply([_group with { DeregistrationDelay = TimeSpan.FromSeconds(60) }]);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(Observe(TargetState.Healthy, current: 1));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("shutdown sessions server orders/t1", Observe(TargetState.Healthy, current: 1));
    }

    [Fact]
    public void Unhealthy_target_stays_registered_so_that_the_group_can_fail_open()
    {
        MakeHealthy();

        Assert.Equal(["set server orders/t1 health down"], Observe(TargetState.Unhealthy));

        Assert.Equal(TargetState.Unhealthy, State());
        Assert.Empty(_registry.Follow([_wanted]));
    }

    [Fact]
    public void Targets_keep_state_slot_and_requests_when_another_process_takes_over()
    {
        var second = _wanted with { Pod = "orders-2", Address = "127.20.1.3" };
        var states = new Dictionary<WantedTarget, TargetState> { [_wanted] = TargetState.Healthy, [second] = TargetState.Unhealthy };
        _registry.Follow([_wanted, second]);
        _registry.Observe([.. Slot("t1", total: 70), .. Slot("t2")], target => new(states[target], "answered"));

        var next = new TargetRegistry(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time, _registry.Targets);

        Assert.Equal([(1, TargetState.Healthy), (2, TargetState.Unhealthy)], next.Targets.Select(t => (t.Number, t.State)));
        Assert.Equal(
            ["set server orders/t2 state drain", "set server orders/t2 health down", "set server orders/t2 state ready"],
            next.Follow([_wanted, second]));
        Assert.Empty(next.Follow([_wanted, second]));

        Assert.Empty(next.Observe([.. Slot("t1", total: 5), .. Slot("t2")], target => new(states[target], "answered")));
        Assert.Equal(75, next.Targets[0].Requests);
    }

    [Fact]
    public void Target_that_drains_stays_with_the_process_that_serves_its_requests()
    {
        MakeHealthy();
        _registry.Follow([]);

        Assert.Empty(new TargetRegistry(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time, _registry.Targets).Targets);
    }

    private void MakeHealthy()
    {
        _registry.Follow([_wanted]);
        Observe(TargetState.Healthy);
    }

    private TargetState State() => _registry.Targets.Single().State;

    private IReadOnlyList<string> Observe(TargetState state, int current = 0) =>
        _registry.Observe(Slot("t1", current), _ => new(state, "answered 200"));

    private static HaproxyServer[] Slot(string slot, int current = 0, int total = 0) =>
        [new("orders", slot, current, total, "127.20.1.2:8080"), new("orders-open", slot, 0, 0, "127.20.1.2:8080")];
}
