using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class TargetRegistryTests
{
    private static readonly WantedTarget _wanted = new("orders", "orders-1", "127.20.1.2", 8080);

    private static readonly TargetGroupSpec _group = new() { Name = "orders", Id = null, HealthyThreshold = 2, UnhealthyThreshold = 3, DeregistrationDelay = TimeSpan.FromSeconds(30) };

    private readonly ManualTime _time = new();
    private readonly TargetRegistry _registry;

    public TargetRegistryTests() => _registry = new(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time, []);

    [Fact]
    public void New_target_is_checked_but_gets_nothing_until_one_check_passed()
    {
        var registered = _registry.Follow([_wanted]);
        Assert.Contains("set server orders/t1 addr 127.20.1.2 port 8080", registered);
        Assert.Contains("set server orders/t1 state drain", registered);

        Assert.Empty(_registry.Observe(Servers("DRAIN", health: 2)));
        Assert.Empty(_registry.Observe(Servers("DRAIN", health: 0)));
        Assert.Equal(TargetState.Initial, State());

        // One passed check after failed ones: not the two that the threshold asks of a target that was healthy once.
        Assert.Contains("set server orders/t1 state ready", _registry.Observe(Servers("DRAIN", health: 1)));
        Assert.Equal(TargetState.Healthy, State());
    }

    [Fact]
    public void Deregistered_target_drains_until_its_requests_have_ended()
    {
        MakeHealthy();

        Assert.Contains("set server orders/t1 state drain", _registry.Follow([]));
        Assert.Empty(_registry.Observe(Servers("DRAIN", health: 4, current: 1)));
        Assert.Equal(TargetState.Draining, State());

        Assert.Contains("set server orders/t1 state maint", _registry.Observe(Servers("DRAIN", health: 4)));
        Assert.Empty(_registry.Targets);
    }

    [Fact]
    public void Deregistered_target_is_cut_off_when_the_delay_is_over()
    {
        MakeHealthy();
        _registry.Follow([]);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Contains("shutdown sessions server orders/t1", _registry.Observe(Servers("DRAIN", health: 4, current: 1)));
    }

    [Fact]
    public void Draining_target_is_held_to_a_delay_that_was_changed_meanwhile()
    {
        MakeHealthy();
        _registry.Follow([]);

        _registry.Apply([_group with { DeregistrationDelay = TimeSpan.FromSeconds(60) }]);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(_registry.Observe(Servers("DRAIN", health: 4, current: 1)));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("shutdown sessions server orders/t1", _registry.Observe(Servers("DRAIN", health: 4, current: 1)));
    }

    [Fact]
    public void Unhealthy_target_stays_registered_so_that_the_group_can_fail_open()
    {
        MakeHealthy();

        _registry.Observe(Servers("DOWN", health: 0));

        Assert.Equal(TargetState.Unhealthy, State());
        Assert.Empty(_registry.Follow([_wanted]));
    }

    [Fact]
    public void Targets_keep_state_slot_and_requests_when_another_process_takes_over()
    {
        var second = _wanted with { Pod = "orders-2", Address = "127.20.1.3" };
        var third = _wanted with { Pod = "orders-3", Address = "127.20.1.4" };
        _registry.Follow([_wanted, second, third]);
        _registry.Observe([.. Slot("t1", "DRAIN", health: 4, total: 70), .. Slot("t2", "DRAIN", health: 4), .. Slot("t3", "DRAIN", health: 2)]);
        _registry.Observe([.. Slot("t1", "UP", health: 4, total: 70), .. Slot("t2", "DOWN", health: 0), .. Slot("t3", "DRAIN", health: 2)]);

        var next = new TargetRegistry(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time, _registry.Targets);

        Assert.Equal([(1, TargetState.Healthy), (2, TargetState.Unhealthy), (3, TargetState.Initial)], next.Targets.Select(t => (t.Number, t.State)));
        Assert.Equal(
            ["set server orders/t1 health up", "set server orders/t2 health down", "set server orders/t2 state ready", "set server orders/t3 state drain"],
            next.Follow([_wanted, second, third]));
        Assert.Empty(next.Follow([_wanted, second, third]));

        next.Observe([.. Slot("t1", "UP", health: 4, total: 5), .. Slot("t2", "DOWN", health: 1), .. Slot("t3", "DRAIN", health: 2)]);
        Assert.Equal([TargetState.Healthy, TargetState.Unhealthy, TargetState.Initial], next.Targets.Select(t => t.State));
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
        _registry.Observe(Servers("DRAIN", health: 4));
    }

    private TargetState State() => _registry.Targets.Single().State;

    private static HaproxyServer[] Servers(string status, int health, int current = 0) => Slot("t1", status, health, current);

    private static HaproxyServer[] Slot(string slot, string status, int health, int current = 0, int total = 0) =>
        [new("orders", slot, status, health, "L7OK 200", current, total, "127.20.1.2:8080"), new("orders-open", slot, "no check", 0, string.Empty, 0, 0, "127.20.1.2:8080")];
}
