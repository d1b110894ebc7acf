using Candor.Local;
using Candor.Testing.Time;

namespace Candor.Infra.Tests.Local;

public sealed class DeregistrationPropagationTests
{
    private static readonly WantedTarget _target = new("orders", "orders-1", "127.20.1.2", 8080);
    private static readonly WantedTarget _other = new("orders", "orders-2", "127.20.1.3", 8080);

    private readonly FakeTimeProvider _time = new();
    private readonly DeregistrationPropagation _propagation;

    public DeregistrationPropagationTests() => _propagation = new(_time, TimeSpan.FromSeconds(0.1));

    [Fact]
    public void New_target_is_registered_at_once()
    {
        Assert.Equal([_target], Registered(_target));
        Assert.Equal([_target, _other], Registered(_target, _other));
    }

    [Fact]
    public void Target_that_leaves_is_deregistered_in_the_last_round_before_the_propagation_ends()
    {
        Registered(_target, _other);
        Assert.Equal([_target, _other], Registered(_other));
        Assert.True(_propagation.IsPropagating(_target));
        Assert.False(_propagation.IsPropagating(_other));

        _time.Advance(TimeSpan.FromSeconds(4.8));
        Assert.Equal([_target, _other], Registered(_other));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([_other], Registered(_other));
    }

    [Fact]
    public void Target_that_is_back_before_the_deregistration_stays_registered()
    {
        Registered(_target);
        Registered();
        _time.Advance(TimeSpan.FromSeconds(4));
        Registered(_target);
        Registered();

        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([_target], Registered());
    }

    [Fact]
    public void Propagation_shorter_than_a_round_is_none()
    {
        _propagation.Registered(new Dictionary<WantedTarget, TimeSpan> { [_target] = TimeSpan.FromSeconds(0.05) });

        Assert.Empty(Registered());
    }

    private IReadOnlyCollection<WantedTarget> Registered(params WantedTarget[] wanted) =>
        [.. _propagation.Registered(wanted.ToDictionary(target => target, _ => TimeSpan.FromSeconds(5)))];
}
