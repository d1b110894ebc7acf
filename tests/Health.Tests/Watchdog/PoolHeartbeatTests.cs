using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.State;
using Candor.Health.Watchdog;
using Candor.Testing.Time;

namespace Candor.Health.Tests.Watchdog;

/// <summary>How late the thread pool is, and what follows from it for readiness and liveness.</summary>
public sealed class PoolHeartbeatTests
{
    private static readonly WatchdogLimits Limits = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<IThreadPoolWorkItem> _pool = new();
    private readonly PoolHeartbeat _heartbeat;

    public PoolHeartbeatTests() => _heartbeat = new(_time, _pool.Enqueue);

    [Fact]
    public void Delay_grows_while_the_beat_waits_and_stands_until_the_next_one_ran()
    {
        _heartbeat.Beat();
        _time.Advance(TimeSpan.FromSeconds(3));
        _heartbeat.Beat();
        Assert.Equal(TimeSpan.FromSeconds(3), _heartbeat.Delay);
        Assert.Single(_pool);

        _pool.Dequeue().Execute();
        Assert.Equal(TimeSpan.FromSeconds(3), _heartbeat.Delay);
        Assert.Equal(TimeSpan.Zero, _heartbeat.SinceMoved);

        _heartbeat.Beat();
        _pool.Dequeue().Execute();
        Assert.Equal(TimeSpan.Zero, _heartbeat.Delay);
    }

    [Fact]
    public void Pool_in_which_nothing_waits_is_on_time_and_left_asleep()
    {
        var waiting = 1L;
        var heartbeat = new PoolHeartbeat(_time, _pool.Enqueue, () => waiting);
        heartbeat.Beat();
        _time.Advance(TimeSpan.FromSeconds(3));
        _pool.Dequeue().Execute();
        Assert.Equal(TimeSpan.FromSeconds(3), heartbeat.Delay);

        waiting = 0;
        heartbeat.Beat();
        Assert.Equal(TimeSpan.Zero, heartbeat.Delay);
        Assert.Empty(_pool);
    }

    [Fact]
    public void Readiness_fails_at_the_limit_and_recovers_at_half_of_it()
    {
        var signal = new ThreadPoolSignal(_heartbeat, Limits);
        Assert.Equal(Reason.None, AfterDelay(Limits.ThreadPoolDelay - TimeSpan.FromMilliseconds(1), signal));
        Assert.Equal(Reason.PipelineStuck, AfterDelay(Limits.ThreadPoolDelay, signal));
        Assert.Equal(Reason.PipelineStuck, AfterDelay(Limits.ThreadPoolDelay / 2, signal));
        Assert.Equal(Reason.None, AfterDelay((Limits.ThreadPoolDelay / 2) - TimeSpan.FromMilliseconds(1), signal));
    }

    [Fact]
    public void Liveness_fails_only_when_nothing_moved_for_its_limit_and_comes_back()
    {
        var liveness = new LivenessVerdict(_heartbeat, Limits);
        _heartbeat.Beat();
        _time.Advance(Limits.LivenessLimit - TimeSpan.FromMilliseconds(1));
        Assert.True(liveness.Alive);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(liveness.Alive);

        _pool.Dequeue().Execute();
        Assert.True(liveness.Alive);
    }

    [Fact]
    public void Pause_of_the_process_fails_neither()
    {
        var clock = new ActiveClock(_time, TimeSpan.FromMilliseconds(500));
        var heartbeat = new PoolHeartbeat(clock, _pool.Enqueue);
        heartbeat.Beat();
        _time.Jump(TimeSpan.FromHours(1));

        Assert.True(new LivenessVerdict(heartbeat, Limits).Alive);
        Assert.Equal(Reason.None, new ThreadPoolSignal(heartbeat, Limits).Read().Reason);
    }

    private Reason AfterDelay(TimeSpan delay, ThreadPoolSignal signal)
    {
        _heartbeat.Beat();
        _time.Advance(delay);
        _pool.Dequeue().Execute();
        return signal.Read().Reason;
    }
}
