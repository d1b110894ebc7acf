using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class TargetRegistryTests
{
    private static readonly WantedTarget _wanted = new("orders", "orders-1", "127.20.1.2", 8080);

    private static readonly TargetGroupSpec _group = new() { Name = "orders", Id = null, HealthyThreshold = 2, UnhealthyThreshold = 3, DeregistrationDelay = TimeSpan.FromSeconds(30) };

    private readonly ManualTime _time = new();
    private readonly TargetRegistry _registry;

    public TargetRegistryTests() => _registry = new(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group }, _time);

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

        _registry.Apply(new Dictionary<string, TargetGroupSpec> { ["orders"] = _group with { DeregistrationDelay = TimeSpan.FromSeconds(60) } });
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

    private void MakeHealthy()
    {
        _registry.Follow([_wanted]);
        _registry.Observe(Servers("DRAIN", health: 4));
    }

    private TargetState State() => _registry.Targets.Single().State;

    private static HaproxyServer[] Servers(string status, int health, int current = 0) =>
        [new("orders", "t1", status, health, "L7OK 200", current, 0), new("orders-open", "t1", "no check", 0, string.Empty, 0, 0)];
}
