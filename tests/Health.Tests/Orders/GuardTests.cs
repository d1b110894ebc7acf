using Candor.Contract;
using Candor.Health.Checks;
using Candor.Orders.Resilience;
using Candor.Testing.Time;
using Polly.Timeout;

namespace Candor.Health.Tests.Orders;

/// <summary>What opens a guard's breaker, and what does not.</summary>
public sealed class GuardTests
{
    private static readonly HealthContract Contract = new()
    {
        Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres, Timeout = TimeSpan.FromMilliseconds(100) }],
    };

    [Fact]
    public async Task Calls_that_are_late_because_the_process_stood_still_do_not_open_it()
    {
        var guard = Guard(new StandingClock());
        await BeLateAsync(guard);

        Assert.Equal(BreakerState.Closed, guard.State);
    }

    [Fact]
    public async Task Calls_that_are_late_open_it_and_are_its_cause()
    {
        var guard = Guard(TimeProvider.System);
        await BeLateAsync(guard);

        Assert.Equal(BreakerState.Open, guard.State);
        Assert.Equal(Reason.TimedOut, guard.OpenedBy?.Reason);
    }

    [Fact]
    public async Task Failures_that_cost_nothing_to_meet_again_do_not_open_it()
    {
        var guard = Guard(TimeProvider.System);
        for (var call = 0; call < 50; call++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => guard.RunAsync<int>(_ => throw new InvalidOperationException()));
        }

        Assert.Equal(BreakerState.Closed, guard.State);
    }

    [Fact]
    public async Task Call_whose_cancellation_throws_is_let_go_and_does_not_throw_in_the_timer_of_the_deadline()
    {
        var time = new FakeTimeProvider();
        var call = Guard(time).RunAsync(async token =>
        {
            await using var registration = token.Register(() => throw new ObjectDisposedException("connection"));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return 1;
        });

        time.Advance(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
    }

    private static Guard Guard(TimeProvider time) => new(Contract, "database", WorkKind.Read, new Failures(), time);

    private static async Task BeLateAsync(Guard guard) => await Task.WhenAll(Enumerable.Range(0, 2 * Candor.Orders.Resilience.Guard.MinimumCalls).Select(
        _ => Assert.ThrowsAsync<TimeoutRejectedException>(() => guard.RunAsync(async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return 1;
        }))));

    private sealed class Failures : IGuardedFailures
    {
        public bool IsUnavailable(Exception exception) => exception is TimeoutRejectedException;

        public FailureCause CauseOf(Exception exception) => new(Reason.TimedOut);
    }

    /// <summary>Its timers fire, as those of a process that goes on after a stop do, and no time has passed.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
