using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Rules;

public sealed class GoodPlanTests
{
    [Fact]
    public void Plan_in_which_everything_holds_has_no_finding() =>
        Assert.Empty(Linter.Lint(GoodPlan.Create()).Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
}
