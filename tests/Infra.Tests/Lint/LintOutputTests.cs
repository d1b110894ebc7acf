using System.Text.Json;
using Candor.Infra.Tests.Program;
using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Lint;

public sealed class LintOutputTests
{
    private static readonly LintResult Result = Linter.Lint(
        RuleMutations.All.First(mutation => mutation.Rule == "LB001").Change(GoodPlan.Create().Remove(GoodPlan.Group, "healthCheck.matcher")) with
        {
            Waivers = new Dictionary<string, string> { ["LB001"] = "inside the VPC only" },
        });

    [Fact]
    public void Json_holds_every_part_of_every_finding()
    {
        using var document = JsonDocument.Parse(LintJson.Write(Result));
        var finding = document.RootElement.GetProperty("findings")[0];
        Assert.Equal(1, document.RootElement.GetProperty("errors").GetInt32());
        Assert.Equal("HC001", finding.GetProperty("rule").GetString());
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.Equal(GoodPlan.Group, finding.GetProperty("resource").GetString());
        Assert.Equal("healthCheck.matcher", finding.GetProperty("property").GetString());
        Assert.Equal("not set", finding.GetProperty("found").GetString());
        Assert.All(new[] { "expected", "why", "fix" }, part => Assert.NotEmpty(finding.GetProperty(part).GetString()!));
        Assert.Equal("inside the VPC only", document.RootElement.GetProperty("waived")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void Sarif_results_refer_to_their_rules_and_waived_ones_are_suppressed()
    {
        using var document = JsonDocument.Parse(LintSarif.Write(Result, "Pulumi.prod.yaml"));
        Assert.Equal("2.1.0", document.RootElement.GetProperty("version").GetString());
        var run = document.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        foreach (var result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
            var location = result.GetProperty("locations")[0];
            Assert.Equal("Pulumi.prod.yaml", location.GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
            Assert.NotEmpty(location.GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString()!);
        }

        var suppressed = run.GetProperty("results").EnumerateArray().Single(result => result.TryGetProperty("suppressions", out _));
        Assert.Equal("LB001", suppressed.GetProperty("ruleId").GetString());
    }

    [Fact]
    public void Sarif_fingerprint_stays_when_only_the_number_changes()
    {
        var one = Linter.Lint(GoodPlan.Create().Set(GoodPlan.Group, "healthCheck.timeout", "1"));
        var two = Linter.Lint(GoodPlan.Create().Set(GoodPlan.Group, "healthCheck.timeout", "0"));
        Assert.Equal(Fingerprints(one), Fingerprints(two));
        Assert.Equal(Fingerprints(one).Count, Fingerprints(one).Distinct().Count() + Duplicates(one));
    }

    [Fact]
    public void Report_says_what_was_found_and_how_to_mend_it()
    {
        var sections = LintReport.Of(Result).Sections;
        var text = string.Join('\n', sections.SelectMany(section => section.Blocks).SelectMany(Texts));
        Assert.Contains("1 error and 0 warnings", text, StringComparison.Ordinal);
        Assert.Contains("HC001", text, StringComparison.Ordinal);
        Assert.Contains("Fix: ", text, StringComparison.Ordinal);
        Assert.Contains("inside the VPC only", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_without_a_judged_resource_says_that_no_rule_applied()
    {
        var plan = GoodPlan.Create() with { Contract = null, Outputs = PlanValue.EmptyObject, Resources = [GoodPlan.Resource("aws:ecs/cluster:Cluster", "web", "{}")] };
        Assert.Equal("No rule applied: none of 1 resource is of a type that is judged; not checked: 1 type.", LintReport.Summary(Linter.Lint(plan)));
    }

    [Fact]
    public void Summary_counts_what_was_judged_without_components_and_the_types_that_were_not_checked()
    {
        var plan = GoodPlan.Create();
        var judged = plan.Resources.Count;
        var mixed = plan.With(
            GoodPlan.Resource("aws:ecs/cluster:Cluster", "web", "{}"),
            GoodPlan.Resource("aws:ecs/cluster:Cluster", "api", "{}"),
            GoodPlan.Resource("awsx:ec2:Vpc", "vpc", "{}") with { IsComponent = true },
            GoodPlan.Resource(ResourceTypes.SecurityGroup, "shared", "{}") with { IsExternal = true });
        Assert.Equal($"Nothing was found in {judged} judged resources of {judged + 3}; not checked: 1 type.", LintReport.Summary(Linter.Lint(mixed)));
        Assert.Equal(["aws:ecs/cluster:Cluster"], Linter.Lint(mixed).TypesNotRead);
    }

    [Fact]
    public void Every_resource_with_a_finding_counts_as_judged()
    {
        foreach (var (rule, what, change) in RuleMutations.All.Where(mutation => mutation.Rule != "SE002"))
        {
            var plan = change(GoodPlan.Create());
            var result = Linter.Lint(plan);
            Assert.All(result.Findings, finding => Assert.False(
                plan.Index.Find(finding.Resource) is { } found && result.TypesNotRead.Contains(found.Type), $"{rule} {what}: {finding.Resource}"));
        }
    }

    [Fact]
    public void Rules_page_is_what_the_rules_say() => RepositoryFile.Holds("docs/rules.md", RulesDocument.Write());

    [Fact]
    public void Rules_of_the_contract_and_of_the_plan_have_the_same_ids()
    {
        var broken = GoodPlan.Contract with
        {
            Balancer = new() { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(2), HealthyCodes = "503", KeepAlive = TimeSpan.FromSeconds(1) },
            Drain = new() { Hold = TimeSpan.Zero, TerminationGrace = TimeSpan.FromSeconds(1), DeregistrationDelay = TimeSpan.FromSeconds(2) },
            StartupLimit = TimeSpan.FromHours(1),
            Liveness = new() { Timeout = TimeSpan.FromSeconds(1), SuccessThreshold = 2 },
        };
        var ids = Contract.ContractValidator.Validate(broken).Select(violation => violation.Id).Where(id => !id.StartsWith("CT", StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(ids.Count >= 8, string.Join(' ', ids));
        Assert.All(ids, id => Assert.NotNull(RuleCatalogue.Find(id)));
    }

    private static List<string> Fingerprints(LintResult result)
    {
        using var document = JsonDocument.Parse(LintSarif.Write(result, "plan.json"));
        return [.. document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Select(found => found.GetProperty("partialFingerprints").GetProperty("candorFinding/v1").GetString()!)];
    }

    private static int Duplicates(LintResult result) =>
        result.Findings.Count - result.Findings.DistinctBy(finding => (finding.Rule, finding.Resource, finding.Property)).Count();

    private static IEnumerable<string> Texts(ReportBlock block) => block switch
    {
        ReportText text => [text.Text],
        ReportList list => list.Points.Select(point => point.Text),
        ReportTable table => table.Rows.SelectMany(row => row).Select(cell => cell.Text),
        _ => [],
    };
}
