using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Rules;

public sealed class RuleTests
{
    public static TheoryData<string, string> Mutations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (rule, what, _) in RuleMutations.All)
            {
                data.Add(rule, what);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Mutation_of_the_good_plan_is_found_by_its_rule_and_no_other(string rule, string what)
    {
        var (_, _, change) = RuleMutations.All.Single(mutation => mutation.Rule == rule && mutation.What == what);
        var findings = Linter.Lint(change(GoodPlan.Create())).Findings;
        Assert.True(
            findings.Count > 0 && findings.All(finding => finding.Rule == rule),
            $"{what}: {string.Join(Environment.NewLine, findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}").DefaultIfEmpty("nothing was found"))}");
    }

    [Fact]
    public void Every_rule_has_a_mutation_that_it_finds() =>
        Assert.Empty(RuleCatalogue.Rules.Select(rule => rule.Id).Except(RuleMutations.All.Select(mutation => mutation.Rule)));

    [Fact]
    public void Every_finding_names_what_was_found_and_what_was_expected_and_how_to_fix_it()
    {
        foreach (var (rule, what, change) in RuleMutations.All)
        {
            Assert.All(Linter.Lint(change(GoodPlan.Create())).Findings, finding =>
            {
                Assert.True(finding.Found.Length > 0 && finding.Expected.Length > 0 && finding.Found != finding.Expected, $"{rule} {what}: {finding.Summary}");
                Assert.EndsWith(".", finding.Why, StringComparison.Ordinal);
                Assert.EndsWith(".", finding.Fix, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public void No_finding_shows_a_secret()
    {
        foreach (var (_, _, change) in RuleMutations.All.Where(mutation => mutation.Rule == "SE002"))
        {
            Assert.DoesNotContain("hunter2", string.Concat(Linter.Lint(change(GoodPlan.Create())).Findings), StringComparison.Ordinal);
        }
    }
}
