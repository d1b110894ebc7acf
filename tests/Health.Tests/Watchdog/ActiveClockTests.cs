using Candor.Health.Watchdog;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Watchdog;

/// <summary>The clock that stands still while the process does.</summary>
public sealed class ActiveClockTests
{
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(500);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Pause_counts_for_no_more_than_the_allowance_even_before_anyone_noticed_it()
    {
        var clock = new ActiveClock(_time, Allowance);
        var started = clock.GetTimestamp();

        _time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(Allowance, clock.GetElapsedTime(started));

        clock.Tick();
        Assert.Equal(Allowance, clock.GetElapsedTime(started));
        Assert.Equal(TimeSpan.FromMinutes(1) - Allowance, clock.Paused);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Allowance + TimeSpan.FromMilliseconds(100), clock.GetElapsedTime(started));
    }

    [Fact]
    public void Clock_that_is_ticked_shows_real_time()
    {
        var clock = new ActiveClock(_time, Allowance);
        var started = clock.GetTimestamp();
        for (var tick = 0; tick < 100; tick++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            clock.Tick();
        }

        Assert.Equal(TimeSpan.FromSeconds(20), clock.GetElapsedTime(started));
        Assert.Equal(TimeSpan.Zero, clock.Paused);
    }

    [Fact]
    public void Clock_never_runs_backwards_nor_faster_than_real_time() =>
        Prop.ForAll(Gen.Choose(0, 5000).Select(value => TimeSpan.FromMilliseconds(value)).Zip(Gen.Elements(true, false)).ListOf().ToArbitrary(), steps =>
        {
            var clock = new ActiveClock(_time, Allowance);
            var last = clock.GetTimestamp();
            foreach (var (by, tick) in steps)
            {
                _time.Advance(by);
                if (tick)
                {
                    clock.Tick();
                }

                var now = clock.GetTimestamp();
                if (now < last || clock.GetElapsedTime(last, now) > by)
                {
                    return false;
                }

                last = now;
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
