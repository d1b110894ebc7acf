using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void TryParse_a_duration_reads_it(string text, int milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("10 s")]
    [InlineData("-1s")]
    [InlineData("1S")]
    [InlineData("10sec")]
    [InlineData("1,5s")]
    [InlineData("99999999999999999999h")]
    [InlineData(null)]
    public void TryParse_anything_else_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Format_any_whole_milliseconds_reads_back() =>
        Prop.ForAll(Arb.From(ContractGenerator.Milliseconds(0, int.MaxValue)), duration =>
            DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration).QuickCheckThrowOnFailure();
}
