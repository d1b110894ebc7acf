using System.Net;
using System.Runtime.InteropServices;
using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Drain;

/// <summary>Ctrl-C and SIGTERM.</summary>
public sealed class DrainingLifetimeTests : IDisposable
{
    private static readonly HealthContract Contract = new();
    private readonly FakeTimeProvider _time = new();
    private readonly KeptLog _log = new();
    private readonly LoggerFactory _logs;
    private readonly ProberLedger _probers;
    private readonly StoppableHost _host = new();
    private readonly DrainingLifetime _lifetime;

    public DrainingLifetimeTests()
    {
        _logs = new([_log]);
        var state = new DrainState(_time);
        _probers = new(Contract, _time);
        var drainer = new Drainer(Contract, state, _probers, new Traffic(_time), _host, _time, _logs.CreateLogger<Drainer>());
        _lifetime = new(new(state, drainer), _probers, _host, _logs.CreateLogger<DrainingLifetime>());
    }

    [Fact]
    public void Interrupt_ends_at_once_when_nobody_has_ever_probed()
    {
        _lifetime.Leave(PosixSignal.SIGINT);

        Assert.True(_host.Stopped);
    }

    [Fact]
    public void Interrupt_keeps_serving_while_probers_ask_prints_how_to_stop_and_the_second_one_leaves()
    {
        _probers.RecordProbe(IPAddress.Loopback, "kube-probe/1.32", draining: false);

        _lifetime.Leave(PosixSignal.SIGINT);
        Assert.False(_host.Stopped);
        Assert.Contains(_log.Lines, line => line.Contains("Press Ctrl-C again to stop at once", StringComparison.Ordinal));

        _lifetime.Leave(PosixSignal.SIGINT);
        Assert.True(_host.Stopped);
    }

    [Fact]
    public void Terminate_keeps_the_hold_without_probers_as_a_balancer_may_send_without_probing()
    {
        _lifetime.Leave(PosixSignal.SIGTERM);
        _lifetime.Leave(PosixSignal.SIGTERM);

        Assert.False(_host.Stopped);
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        _logs.Dispose();
        _log.Dispose();
        _host.Dispose();
    }

    private sealed class StoppableHost : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public bool Stopped => _stopping.IsCancellationRequested;

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
