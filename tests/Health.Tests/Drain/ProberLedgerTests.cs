using System.Net;
using Candor.Contract;
using Candor.Testing.Time;

namespace Candor.Health.Tests.Drain;

/// <summary>Who must hear that the instance leaves, and how often.</summary>
public sealed class ProberLedgerTests
{
    private static readonly HealthContract Contract = new();
    private static readonly IPAddress Balancer = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Node = IPAddress.Parse("10.0.0.2");
    private readonly FakeTimeProvider _time = new();
    private readonly ProberLedger _probers;

    public ProberLedgerTests() => _probers = new(Contract, _time);

    [Fact]
    public void Nobody_has_heard_it_while_nobody_asks() => Assert.False(_probers.AllTold);

    [Fact]
    public void Each_prober_must_hear_it_as_often_as_its_own_threshold()
    {
        var contract = Contract with { Balancer = Contract.Balancer with { UnhealthyThreshold = 2 }, Readiness = Contract.Readiness with { FailureThreshold = 3 } };
        var probers = new ProberLedger(contract, _time);
        probers.Saw(Balancer, "ELB-HealthChecker/2.0", draining: false);
        probers.Saw(Node, "kube-probe/1.32", draining: false);

        Tell(probers, Balancer, "ELB-HealthChecker/2.0", 2);
        Assert.False(probers.AllTold);
        Tell(probers, Node, "kube-probe/1.32", 2);
        Assert.False(probers.AllTold);
        Tell(probers, Node, "kube-probe/1.32", 1);
        Assert.True(probers.AllTold);
    }

    [Fact]
    public void Prober_that_has_long_been_silent_is_not_waited_for()
    {
        _probers.Saw(Node, "kube-probe/1.32", draining: false);
        _time.Advance(TimeSpan.FromMinutes(2));
        Tell(_probers, Balancer, "", Contract.Balancer.UnhealthyThreshold);

        Assert.True(_probers.AllTold);
    }

    [Fact]
    public void Flood_of_addresses_does_not_grow_it_without_end()
    {
        for (var number = 0; number < 10_000; number++)
        {
            _probers.Saw(new IPAddress(number), "", draining: false);
        }

        Assert.InRange(_probers.Probers.Count, 1, 256);
    }

    private static void Tell(ProberLedger probers, IPAddress address, string agent, int times)
    {
        for (var time = 0; time < times; time++)
        {
            probers.Saw(address, agent, draining: true);
        }
    }
}
