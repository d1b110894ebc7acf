using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed class ContractTimelineTests
{
    [Fact]
    public void Of_the_articles_numbers_notices_a_failure_after_20_to_35_seconds() =>
        Assert.Equal(new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(35)), ContractTimeline.Of(new(), RolloutShape.Default).BalancerNoticesFailure);

    [Fact]
    public void Of_any_valid_contract_has_ordered_bounds() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
            ContractTimeline.Of(contract, RolloutShape.Default).Rows.All(row => row.Window.Best >= TimeSpan.Zero && row.Window.Best <= row.Window.Worst))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Of_any_valid_contract_ends_the_last_request_within_the_grace() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
            ContractTimeline.Of(contract, RolloutShape.Default).LastRequest.Worst + contract.Drain.Margin <= contract.Drain.TerminationGrace)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Of_a_stricter_threshold_never_notices_sooner() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var stricter = contract with { Balancer = contract.Balancer with { UnhealthyThreshold = contract.Balancer.UnhealthyThreshold + 1 } };
            return ContractTimeline.Of(stricter, RolloutShape.Default).BalancerNoticesFailure.Worst > ContractTimeline.Of(contract, RolloutShape.Default).BalancerNoticesFailure.Worst;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_more_replicas_takes_longer_to_roll_unless_more_may_surge()
    {
        var one = ContractTimeline.Of(new(), new(2, 1, 0, TimeSpan.Zero)).RollingUpdate.Worst;
        Assert.Equal(one * 2, ContractTimeline.Of(new(), new(4, 1, 0, TimeSpan.Zero)).RollingUpdate.Worst);
        Assert.Equal(one, ContractTimeline.Of(new(), new(4, 2, 0, TimeSpan.Zero)).RollingUpdate.Worst);
    }

    [Fact]
    public void Scale_divides_every_bound()
    {
        var timeline = ContractTimeline.Of(new(), RolloutShape.Default);
        foreach (var (row, scaled) in timeline.Rows.Zip(timeline.Scale(5).Rows))
        {
            Assert.Equal(row.Window.Worst / 5, scaled.Window.Worst);
        }
    }
}
