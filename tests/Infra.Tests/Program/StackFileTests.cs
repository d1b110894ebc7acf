using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class StackFileTests
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Lint_of_the_repository_s_stacks_finds_nothing(string stack)
    {
        var plan = await PlanRecorder.RecordAsync(RepositoryFile.Root, stack, CancellationToken.None);

        var result = Linter.Lint(plan);

        Assert.Equal([], result.Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
        Assert.All(plan.Waivers, waiver => Assert.NotEmpty(waiver.Value));
    }

    [Fact]
    public async Task Prod_protects_what_holds_an_address_and_names_its_region()
    {
        var plan = await PlanRecorder.RecordAsync(RepositoryFile.Root, "prod", CancellationToken.None);

        Assert.True(Assert.Single(plan.Index.OfType(ResourceTypes.LoadBalancer)).Protect);
        Assert.Contains(
            "eu-west-1", Assert.Single(plan.Index.OfType("pulumi:providers:aws")).Inputs["region"].Text, StringComparison.Ordinal);
    }
}
