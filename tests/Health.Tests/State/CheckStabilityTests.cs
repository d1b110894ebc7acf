using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.State;
using Candor.Testing.Time;

namespace Candor.Health.Tests.State;

/// <summary>F225, F227: a check neither changes back and forth nor stays failed after a repair.</summary>
public sealed class CheckStabilityTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly CheckStability _stability = new(Second);

    [Fact]
    public void Check_that_passes_after_an_outage_counts_at_once()
    {
        Fails(15);
        Assert.Equal(CheckOutcome.Healthy, Passes());
    }

    [Fact]
    public void Check_that_has_relapsed_must_pass_for_three_seconds()
    {
        var changes = 0;
        var before = CheckOutcome.Healthy;
        for (var second = 0; second < 60; second++)
        {
            var now = second % 3 == 0 ? Fails(1) : Passes();
            changes += now != before ? 1 : 0;
            before = now;
        }

        Assert.InRange(changes, 1, 3);
        Passes();
        Passes();
        Passes();
        Assert.Equal(CheckOutcome.Healthy, Passes());
    }

    private CheckOutcome Fails(int seconds)
    {
        var last = CheckOutcome.Unhealthy;
        for (var second = 0; second < seconds; second++)
        {
            last = Next(CheckOutcome.Unhealthy, Reason.DependencyDown);
        }

        return last;
    }

    private CheckOutcome Passes() => Next(CheckOutcome.Healthy, Reason.None);

    private CheckOutcome Next(CheckOutcome outcome, Reason reason)
    {
        _time.Advance(Second);
        return _stability.Next(new("database", outcome, reason, DependencyScope.Shared, TimeSpan.Zero, null, []), _time.GetUtcNow()).Outcome;
    }
}
