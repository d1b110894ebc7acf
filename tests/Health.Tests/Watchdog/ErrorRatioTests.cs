using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Watchdog;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Watchdog;

/// <summary>Too many 5xx, and the way back.</summary>
public sealed class ErrorRatioTests
{
    private static readonly WatchdogLimits Limits = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ErrorWindow _window;
    private readonly ErrorRatioSignal _signal;

    public ErrorRatioTests()
    {
        _window = new(Limits.ErrorWindow, _time);
        _signal = new(_window, Limits, _time);
    }

    [Fact]
    public void Ratio_below_the_limit_passes_and_at_the_limit_fails()
    {
        Answer(200, 11);
        Answer(500, 10);
        Assert.Equal(Reason.None, _signal.Read().Reason);

        Answer(500, 1);
        Assert.Equal(Reason.ErrorRatio, _signal.Read().Reason);
    }

    [Fact]
    public void Few_requests_say_nothing()
    {
        Answer(500, Limits.ErrorMinimumVolume - 1);
        Assert.Equal(Reason.None, _signal.Read().Reason);

        Answer(500, 1);
        Assert.Equal(Reason.ErrorRatio, _signal.Read().Reason);
    }

    [Fact]
    public void N305_bad_requests_neither_fail_health_nor_hide_a_failure()
    {
        Answer(400, 500);
        Answer(404, 500);
        Assert.Equal(Reason.None, _signal.Read().Reason);

        Answer(500, Limits.ErrorMinimumVolume);
        Answer(404, 5000);
        Assert.Equal(Reason.ErrorRatio, _signal.Read().Reason);
    }

    [Fact]
    public void Window_that_was_cleared_has_forgotten_failures_too()
    {
        Answer(500, 15);
        _window.Clear();
        Answer(200, 30);

        Assert.Equal((30, 0), _window.Read());
        Assert.Equal("0 % of answers are 5xx", _signal.Read().Detail);
    }

    [Fact]
    public void Failing_ratio_is_told_in_percent_with_the_way_back()
    {
        Answer(200, 10);
        Answer(500, 30);

        Assert.Equal($"75 % of answers are 5xx; let back in after {DurationText.Format(Limits.ReadmissionDelay)}", _signal.Read().Detail);
    }

    [Fact]
    public void Errors_older_than_the_window_are_forgotten()
    {
        Answer(500, 15);
        _time.Advance(Limits.ErrorWindow);
        Answer(500, 15);

        Assert.Equal(Reason.None, _signal.Read().Reason);
    }

    [Fact]
    public void Instance_comes_back_after_the_delay_which_doubles_up_to_its_limit_and_is_short_again_after_a_good_while()
    {
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            FailsFor(TimeSpan.FromSeconds(seconds));
        }

        _time.Advance(Limits.MaximumReadmissionDelay);
        FailsFor(Limits.ReadmissionDelay);
    }

    [Fact]
    public void Window_counts_what_was_added_within_its_length() =>
        Prop.ForAll(Gen.Choose(0, 40_000).Zip(Gen.Elements(200, 204, 302, 404, 500, 503)).ListOf().ToArbitrary(), answers =>
        {
            var window = new ErrorWindow(Limits.ErrorWindow, _time);
            var start = _time.GetTimestamp();
            var counted = new List<(long At, int Status)>();
            foreach (var (at, status) in answers.OrderBy(answer => answer.Item1))
            {
                var due = start + TimeSpan.FromMilliseconds(at).Ticks;
                _time.Advance(TimeSpan.FromTicks(Math.Max(0, due - _time.GetTimestamp())));
                window.Add(status);
                counted.Add((_time.GetTimestamp(), status));
            }

            // A slice is a tenth of the window: what is on its edge may or may not be counted.
            var (total, failed) = window.Read();
            var within = counted.Where(answer => answer.Status is < 400 or >= 500).ToList();
            var surely = within.Count(answer => _time.GetElapsedTime(answer.At) < Limits.ErrorWindow * 0.9);
            var possibly = within.Count(answer => _time.GetElapsedTime(answer.At) <= Limits.ErrorWindow);
            return total >= surely && total <= possibly && failed <= within.Count(answer => answer.Status >= 500);
        }).QuickCheckThrowOnFailure();

    private void FailsFor(TimeSpan delay)
    {
        Answer(500, Limits.ErrorMinimumVolume);
        Assert.Equal(Reason.ErrorRatio, _signal.Read().Reason);
        _time.Advance(delay - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Reason.ErrorRatio, _signal.Read().Reason);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Reason.None, _signal.Read().Reason);
    }

    private void Answer(int status, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _window.Add(status);
        }
    }
}
