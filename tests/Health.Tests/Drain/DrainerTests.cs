using System.Net;
using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Drain;

/// <summary>When an instance that leaves may stop.</summary>
public sealed class DrainerTests : IDisposable
{
    private static readonly HealthContract Contract = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DrainState _state;
    private readonly ProberLedger _probers;
    private readonly Traffic _traffic;
    private readonly Host _host = new();
    private readonly KeptLog _log = new();
    private DrainStarter _starter = null!;

    public DrainerTests()
    {
        _state = new(_time);
        _probers = new(Contract, _time);
        _traffic = new(_time);
        Replace(Contract);
    }

    [Fact]
    public async Task Instance_continues_serving_until_the_hold_ends_when_nobody_is_known_to_be_notified()
    {
        _starter.Begin("test");

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync());
    }

    [Fact]
    public async Task Instance_stops_early_once_all_probers_were_notified_and_the_propagation_time_is_over()
    {
        _starter.Begin("test");
        Tell(Contract.Balancer.UnhealthyThreshold);

        Assert.InRange(await StopsAfterAsync(), Contract.Drain.Propagation, Contract.Drain.Propagation * 2);
    }

    [Fact]
    public async Task Instance_that_still_gets_requests_serves_them_until_the_hold_ends()
    {
        _starter.Begin("test");
        Tell(Contract.Balancer.UnhealthyThreshold);

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync(_traffic.RecordRequest));
    }

    [Fact]
    public async Task Instance_does_not_leave_while_a_prober_was_notified_too_seldom()
    {
        _probers.RecordProbe(IPAddress.Loopback, "late", draining: false);
        _starter.Begin("test");
        Tell(Contract.Balancer.UnhealthyThreshold);

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync(() => _probers.RecordProbe(IPAddress.Loopback, "late", draining: false)));
    }

    [Fact]
    public async Task Instance_that_looks_in_between_leaves_at_the_moment_the_hold_ends()
    {
        var hold = TimeSpan.FromMilliseconds(10_100);
        Replace(Contract with { Drain = Contract.Drain with { Hold = hold } });
        _starter.Begin("test");

        Assert.Equal(hold, await StopsAfterAsync(step: TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Instance_with_a_short_propagation_time_looks_often_enough_to_leave_when_it_is_over()
    {
        var propagation = TimeSpan.FromMilliseconds(700);
        Replace(Contract with { Drain = Contract.Drain with { Propagation = propagation } });
        _traffic.RecordRequest();
        _starter.Begin("test");
        Tell(Contract.Balancer.UnhealthyThreshold);

        Assert.Equal(propagation, await StopsAfterAsync(step: TimeSpan.FromMilliseconds(10)));
    }

    [Fact]
    public async Task Instance_that_is_stopped_meanwhile_does_not_ask_for_it_again()
    {
        _starter.Begin("test");

        _host.StopNow();
        _time.Advance(Contract.Drain.Hold * 2);
        await Eventually.TrueAsync(() => _time.Armed == 0, "the drainer waits no more");

        Assert.False(_host.Stopped.Task.IsCompleted);
    }

    [Fact]
    public async Task Leaving_is_reported_with_its_cause_and_why_it_ended()
    {
        _starter.Begin("SIGTERM");
        Tell(Contract.Balancer.UnhealthyThreshold);
        await StopsAfterAsync();
        await Eventually.TrueAsync(() => _log.Lines.Count == 2, "both lines are written");

        Assert.Contains("health: draining (SIGTERM); continues serving for at most 35s", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("health: stops the server after 5s: all probers were notified and no requests arrive", _log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_when_the_hold_ends_is_reported_as_that()
    {
        _starter.Begin("POST /drain");
        await StopsAfterAsync();
        await Eventually.TrueAsync(() => _log.Lines.Count == 2, "both lines are written");

        Assert.Contains("health: stops the server after 35s: the hold has ended", _log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_begins_once()
    {
        Assert.True(_starter.Begin("SIGTERM"));
        Assert.False(_starter.Begin("POST /drain"));
        Assert.Equal("SIGTERM", _state.Cause);
    }

    public void Dispose()
    {
        _host.Dispose();
        _log.Dispose();
    }

    private void Replace(HealthContract contract)
    {
        using var logs = new LoggerFactory([_log]);
        _starter = new(_state, new(contract, _state, _probers, _traffic, _host, _time, logs.CreateLogger<Drainer>()));
    }

    private void Tell(int times)
    {
        for (var time = 0; time < times; time++)
        {
            _probers.RecordProbe(IPAddress.Loopback, "", draining: true);
        }
    }

    private async Task<TimeSpan> StopsAfterAsync(Action? each = null, TimeSpan? step = null)
    {
        while (!_host.Stopped.Task.IsCompleted)
        {
            each?.Invoke();
            _time.Advance(step ?? TimeSpan.FromMilliseconds(250));
            await Eventually.TrueAsync(() => _time.Armed > 0 || _host.Stopped.Task.IsCompleted, "the drainer waits or has left");
        }

        return _time.GetElapsedTime(_state.BeganAt);
    }

    private sealed class Host : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public TaskCompletionSource Stopped { get; } = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopNow() => _stopping.Cancel();

        public void StopApplication() => Stopped.TrySetResult();

        public void Dispose() => _stopping.Dispose();
    }
}
