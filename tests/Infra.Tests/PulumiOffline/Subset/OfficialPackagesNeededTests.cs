using Pulumi;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

public class OfficialPackagesNeededTests
{
    [Fact]
    public async Task A_deployment_says_that_the_official_packages_are_needed()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Deployment.RunAsync(() => { }));

        Assert.Contains("need the official Pulumi packages", error.Message, StringComparison.Ordinal);
        Assert.Contains("docs/offline.md", error.Message, StringComparison.Ordinal);
    }
}
