using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed class SpeedTests
{
    [Fact]
    public void Scale_any_contract_scales_its_timeline_alike() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var scaled = ContractTimeline.Of(contract.Scale(10), RolloutShape.Default).BalancerNoticesFailure;
            return scaled == ContractTimeline.Of(contract, RolloutShape.Default).BalancerNoticesFailure.Scale(10);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Scale_leaves_no_duration_behind()
    {
        var original = ContractJson.Serialize(OrdersContract.Default);
        var scaled = ContractJson.Serialize(OrdersContract.Default.Scale(10));
        var unchanged = Durations(original).Zip(Durations(scaled)).Where(pair => pair.First == pair.Second && pair.First != "0s");
        Assert.Empty(unchanged);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Scale_by_less_than_one_is_refused(double factor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HealthContract().Scale(factor));

    private static IEnumerable<string> Durations(string json) => json.Split('"').Where(text => DurationText.TryParse(text, out _));
}
