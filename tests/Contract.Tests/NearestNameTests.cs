namespace Candor.Contract.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("intervall", "interval")]
    [InlineData("INTERVAL", "interval")]
    [InlineData("timeot", "timeout")]
    [InlineData("prot", "port")]
    [InlineData("x", null)]
    [InlineData("threshold", "healthyThreshold")]
    [InlineData("unhealthyTreshold", "unhealthyThreshold")]
    [InlineData("nothing like any of them", null)]
    public void Of_a_slip_is_what_was_meant_and_of_anything_else_nothing(string written, string? meant) =>
        Assert.Equal(meant, NearestName.Of(written, ["unhealthyThreshold", "timeout", "port", "interval", "healthyThreshold"]));

    [Fact]
    public void Of_two_that_are_as_near_is_the_first_by_name_whatever_their_order()
    {
        Assert.Equal("bat", NearestName.Of("bxt", ["but", "bat"]));
        Assert.Equal("bat", NearestName.Of("bxt", ["bat", "but"]));
    }
}
