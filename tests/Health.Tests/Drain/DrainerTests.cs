using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

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
    private readonly DrainStarter _starter;

    public DrainerTests()
    {
        _state = new(_time);
        _probers = new(Contract, _time);
        _traffic = new(_time);
        _starter = new(_state, new(Contract, _state, _probers, _traffic, _host, _time, NullLogger<Drainer>.Instance));
    }

    [Fact]
    public async Task Instance_serves_on_until_the_hold_ends_when_nobody_is_known_to_have_heard_it()
    {
        _starter.Begin("test");

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync());
    }

    [Fact]
    public async Task Instance_leaves_early_once_every_prober_has_heard_it_and_the_propagation_time_is_over()
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

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync(_traffic.Saw));
    }

    [Fact]
    public async Task Instance_does_not_leave_while_a_prober_has_heard_it_too_seldom()
    {
        _probers.Saw(IPAddress.Loopback, "late", draining: false);
        _starter.Begin("test");
        Tell(Contract.Balancer.UnhealthyThreshold);

        Assert.Equal(Contract.Drain.Hold, await StopsAfterAsync(() => _probers.Saw(IPAddress.Loopback, "late", draining: false)));
    }

    [Fact]
    public void Leaving_begins_once()
    {
        Assert.True(_starter.Begin("SIGTERM"));
        Assert.False(_starter.Begin("POST /drain"));
        Assert.Equal("SIGTERM", _state.Cause);
    }

    public void Dispose() => _host.Dispose();

    private void Tell(int times)
    {
        for (var time = 0; time < times; time++)
        {
            _probers.Saw(IPAddress.Loopback, "", draining: true);
        }
    }

    private async Task<TimeSpan> StopsAfterAsync(Action? each = null)
    {
        while (!_host.Stopped.Task.IsCompleted)
        {
            each?.Invoke();
            _time.Advance(TimeSpan.FromMilliseconds(250));
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

        public void StopApplication() => Stopped.TrySetResult();

        public void Dispose() => _stopping.Dispose();
    }
}
