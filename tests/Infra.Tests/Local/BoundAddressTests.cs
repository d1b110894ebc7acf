using System.Net;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

/// <summary>Where a service listens on the local target.</summary>
public sealed class BoundAddressTests
{
    [Theory]
    [InlineData(null, "127.20.1.2")]
    [InlineData("0.0.0.0", "127.20.1.2")]
    [InlineData("127.0.0.1", "127.20.51.2")]
    [InlineData("localhost", "127.20.51.2")]
    [InlineData("::1", "127.20.51.2")]
    public void Server_that_is_bound_to_loopback_is_not_reached_at_the_pods_address(string? wanted, string bound) =>
        Assert.Equal(IPAddress.Parse(bound), DotnetImage.Bound(wanted, IPAddress.Parse("127.20.1.2")));
}
