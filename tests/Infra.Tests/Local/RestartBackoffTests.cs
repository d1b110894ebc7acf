using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Container_that_keeps_ending_waits_nothing_then_ten_seconds_doubling_to_five_minutes()
    {
        var backoff = new RestartBackoff(speed: 1);

        Assert.Equal(
            [0, 10, 20, 40, 80, 160, 300, 300], Enumerable.Range(0, 8).Select(_ => backoff.After(TimeSpan.FromSeconds(1)).TotalSeconds));
    }

    [Fact]
    public void Container_that_ran_for_ten_minutes_begins_anew()
    {
        var backoff = new RestartBackoff(speed: 1);
        backoff.After(TimeSpan.Zero);
        backoff.After(TimeSpan.Zero);

        Assert.Equal(TimeSpan.Zero, backoff.After(TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromSeconds(10), backoff.After(TimeSpan.FromMinutes(9)));
    }

    [Fact]
    public void Speed_divides_the_wait()
    {
        var backoff = new RestartBackoff(speed: 5);
        backoff.After(TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(2), backoff.After(TimeSpan.Zero));
    }
}
