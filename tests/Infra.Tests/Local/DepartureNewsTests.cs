using Candor.Local;
using Candor.Testing.Time;

namespace Candor.Infra.Tests.Local;

public sealed class DepartureNewsTests
{
    private static readonly WantedTarget _target = new("orders", "orders-1", "127.20.1.2", 8080);
    private static readonly WantedTarget _other = new("orders", "orders-2", "127.20.1.3", 8080);

    private readonly FakeTimeProvider _time = new();
    private readonly DepartureNews _news;

    public DepartureNewsTests() => _news = new(_time, TimeSpan.FromSeconds(0.1));

    [Fact]
    public void New_target_is_heard_of_at_once()
    {
        Assert.Equal([_target], Heard(_target));
        Assert.Equal([_target, _other], Heard(_target, _other));
    }

    [Fact]
    public void Target_that_leaves_is_heard_of_in_the_last_round_before_the_propagation_is_over()
    {
        Heard(_target, _other);
        Assert.Equal([_target, _other], Heard(_other));
        Assert.True(_news.IsUnderWay(_target));
        Assert.False(_news.IsUnderWay(_other));

        _time.Advance(TimeSpan.FromSeconds(4.8));
        Assert.Equal([_target, _other], Heard(_other));

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([_other], Heard(_other));
    }

    [Fact]
    public void Target_that_is_back_before_anybody_heard_never_left()
    {
        Heard(_target);
        Heard();
        _time.Advance(TimeSpan.FromSeconds(4));
        Heard(_target);
        Heard();

        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal([_target], Heard());
    }

    [Fact]
    public void Propagation_shorter_than_a_round_is_none()
    {
        _news.Heard(new Dictionary<WantedTarget, TimeSpan> { [_target] = TimeSpan.FromSeconds(0.05) });

        Assert.Empty(Heard());
    }

    private IReadOnlyCollection<WantedTarget> Heard(params WantedTarget[] wanted) =>
        [.. _news.Heard(wanted.ToDictionary(target => target, _ => TimeSpan.FromSeconds(5)))];
}
