using System.Net;
using Candor.Contract;
using Candor.Health.Drain;
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
    public void Nobody_is_notified_while_nobody_asks() => Assert.False(_probers.AllNotified);

    [Fact]
    public void Each_prober_must_hear_it_as_often_as_its_own_threshold()
    {
        var contract = Contract with { Balancer = Contract.Balancer with { UnhealthyThreshold = 2 }, Readiness = Contract.Readiness with { FailureThreshold = 3 } };
        var probers = new ProberLedger(contract, _time);
        probers.RecordProbe(Balancer, "ELB-HealthChecker/2.0", draining: false);
        probers.RecordProbe(Node, "kube-probe/1.32", draining: false);

        Tell(probers, Balancer, "ELB-HealthChecker/2.0", 2);
        Assert.False(probers.AllNotified);
        Tell(probers, Node, "kube-probe/1.32", 2);
        Assert.False(probers.AllNotified);
        Tell(probers, Node, "kube-probe/1.32", 1);
        Assert.True(probers.AllNotified);
    }

    [Fact]
    public void Prober_that_has_long_been_silent_is_not_waited_for()
    {
        _probers.RecordProbe(Node, "kube-probe/1.32", draining: false);
        _time.Advance(TimeSpan.FromMinutes(2));
        Tell(_probers, Balancer, "", Contract.Balancer.UnhealthyThreshold);

        Assert.True(_probers.AllNotified);
    }

    [Theory]
    [InlineData(20, 10, 2, 3, 80)]
    [InlineData(10, 30, 2, 3, 120)]
    [InlineData(10, 10, 5, 3, 60)]
    public void Prober_counts_as_present_until_the_slower_ones_threshold_and_one_more_probe_are_over(int interval, int period, int unhealthy, int failures, int seconds)
    {
        var contract = Contract with
        {
            Balancer = Contract.Balancer with { Interval = TimeSpan.FromSeconds(interval), UnhealthyThreshold = unhealthy },
            Readiness = Contract.Readiness with { Period = TimeSpan.FromSeconds(period), FailureThreshold = failures },
        };
        var probers = new ProberLedger(contract, _time);
        probers.RecordProbe(Node, "kube-probe/1.32", draining: false);

        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Single(probers.Probers);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(probers.Probers);
    }

    [Fact]
    public void Probers_are_shown_by_the_address_a_person_knows()
    {
        _probers.RecordProbe(Balancer.MapToIPv6(), "ELB-HealthChecker/2.0", draining: true);
        _probers.RecordProbe(IPAddress.Parse("2001:db8::1"), "curl", draining: false);
        _probers.RecordProbe(null, null, draining: false);

        Assert.Equal(
            [new("10.0.0.1", "ELB-HealthChecker/2.0", 1, Contract.Balancer.UnhealthyThreshold), new("2001:db8::1", "curl", 0, 3), new("unknown", "", 0, 3)],
            _probers.Probers);
    }

    [Fact]
    public void Full_ledger_forgets_who_is_gone_before_anyone_who_still_asks()
    {
        for (var number = 0; number < 255; number++)
        {
            _probers.RecordProbe(new IPAddress(number), "gone", draining: false);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        _probers.RecordProbe(Node, "there", draining: false);
        _probers.RecordProbe(Balancer, "new", draining: false);

        Assert.Equal(["new", "there"], _probers.Probers.Select(prober => prober.Agent).Order());
    }

    [Fact]
    public void Full_ledger_of_probers_that_all_still_ask_forgets_the_one_silent_for_longest()
    {
        for (var number = 0; number < 257; number++)
        {
            _probers.RecordProbe(Node, number.ToString(System.Globalization.CultureInfo.InvariantCulture), draining: false);
            _time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal(Enumerable.Range(1, 256), _probers.Probers.Select(prober => int.Parse(prober.Agent, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public void Flood_of_addresses_does_not_grow_it_without_end()
    {
        for (var number = 0; number < 10_000; number++)
        {
            _probers.RecordProbe(new IPAddress(number), "", draining: false);
        }

        Assert.InRange(_probers.Probers.Count, 1, 256);
    }

    private static void Tell(ProberLedger probers, IPAddress address, string agent, int times)
    {
        for (var time = 0; time < times; time++)
        {
            probers.RecordProbe(address, agent, draining: true);
        }
    }
}
