using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Lint;

public sealed class WaiverTests
{
    private static readonly Plan PlainHttp = RuleMutations.All.First(mutation => mutation.Rule == "LB001").Change(GoodPlan.Create());

    [Fact]
    public void Waiver_with_a_reason_moves_its_findings_and_lists_them()
    {
        var result = Linter.Lint(Waive(PlainHttp, "LB001", "inside the VPC only"));
        Assert.Empty(result.Findings);
        Assert.Equal(("LB001", "inside the VPC only"), (Assert.Single(result.Waived).Finding.Rule, result.Waived[0].Reason));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Waiver_without_a_reason_is_an_error_and_waives_nothing()
    {
        var result = Linter.Lint(Waive(PlainHttp, "LB001", " "));
        Assert.Equal(["LB001", "WV001"], result.Findings.Select(finding => finding.Rule));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Waiver_that_nothing_needs_is_a_warning()
    {
        var result = Linter.Lint(Waive(GoodPlan.Create(), "LB001", "once upon a time"));
        Assert.Equal(Severity.Warning, Assert.Single(result.Findings).Severity);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Waiver_of_an_unknown_rule_is_an_error_that_names_the_nearest()
    {
        var finding = Assert.Single(Linter.Lint(Waive(GoodPlan.Create(), "LB01", "a slip")).Findings);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("LB001", finding.Expected, StringComparison.Ordinal);
    }

    private static Plan Waive(Plan plan, string id, string reason) => plan with { Waivers = new Dictionary<string, string> { [id] = reason } };
}
