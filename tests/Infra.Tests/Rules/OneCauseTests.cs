using Candor.Infra.Tests.Program;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Rules;

/// <summary>One finding for what one edit mends, with the weight of the harm.</summary>
public sealed class OneCauseTests
{
    private static readonly string[] Wild = ["websocket", "network-balancer", "single-writer", "old-versions", "ingress-policy", "probe-cookie"];

    private static Plan Other => OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract());

    [Fact]
    public void Same_text_never_stands_twice_for_one_resource()
    {
        var plans = Plans().ToList();
        var mutations = RuleMutations.All.ToList();
        var removable = GoodPlan.Create().Resources.SelectMany(resource => resource.Inputs.Properties.Select(property => (resource.Urn, property.Key))).ToArray();
        Assert.All(plans, plan => Assert.Empty(Repeated(plan)));
        Prop.ForAll(Gen.Elements(removable).ListOf(3).ToArbitrary(), Gen.Elements(mutations.ToArray()).ToArbitrary(), (removed, mutation) =>
        {
            var plan = removed.Distinct().Aggregate(Other, (left, one) => left.Index.Find(one.Urn) is null ? left : left.Remove(one.Urn, one.Key));
            Assert.Empty(Repeated(plan));
            Assert.Empty(Repeated(mutation.Change(GoodPlan.Create())));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void Without_a_contract_no_finding_speaks_of_one()
    {
        var removable = Other.Resources.Where(resource => resource.Inputs.Exists);
        var stripped = removable.Select(resource => Other.Edit(resource.Urn, old => old with { Inputs = PlanValue.Parse(resource.IsKubernetes ? """{"metadata":{}}""" : "{}") }));
        foreach (var plan in Wild.Select(Read).Append(OtherPlanTests.WithoutContract()).Concat(stripped))
        {
            Assert.All(Linter.Lint(plan).Findings, finding =>
                Assert.DoesNotContain("contract", $"{finding.Summary} {finding.Why} {finding.Fix}", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Unset_fields_of_a_check_are_one_note_that_lists_them()
    {
        var finding = Assert.Single(Linter.Lint(Other.Remove(GoodPlan.Group, "healthCheck")).Findings, finding => finding.Rule == "HC001");
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains("healthCheck.interval", finding.Fields);
        Assert.Contains("healthCheck.unhealthyThreshold", finding.Fields);
        Assert.StartsWith("healthCheck: ", finding.Summary, StringComparison.Ordinal);
        Assert.Contains("90s (3 × 30s)", finding.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("300", "10", Severity.Error, "noticed after 50m (10 × 5m)")]
    [InlineData("30", "5", Severity.Warning, "noticed after 150s (5 × 30s)")]
    [InlineData("20", "2", Severity.Note, "noticed after 40s (2 × 20s)")]
    public void Slow_check_weighs_as_much_as_the_time_until_it_notices(string interval, string failures, Severity severity, string arithmetic)
    {
        var plan = Other.Set(GoodPlan.Group, "healthCheck.interval", interval).Set(GoodPlan.Group, "healthCheck.unhealthyThreshold", failures);
        var finding = Assert.Single(Linter.Lint(plan).Findings, finding => finding.Rule == "HC008");
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(arithmetic, finding.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Security_context_of_a_workload_is_one_finding()
    {
        var plan = Other.Remove(GoodPlan.Deployment, GoodPlan.Container + ".securityContext").Remove(GoodPlan.Deployment, "spec.template.spec.automountServiceAccountToken");
        var finding = Assert.Single(Linter.Lint(plan).Findings, finding => finding.Rule == "SE001");
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.True(finding.Fields.Count >= 4, string.Join(' ', finding.Fields));
    }

    [Fact]
    public void Balancer_that_nobody_watches_is_one_finding()
    {
        var plan = Other.Resources.Where(resource => resource.Type == ResourceTypes.MetricAlarm).Aggregate(Other, (left, alarm) => left.Without(alarm.Urn));
        var finding = Assert.Single(Linter.Lint(plan).Findings, finding => finding.Rule == "AL001");
        Assert.Equal(GoodPlan.Balancer, finding.Resource);
        Assert.Contains("p99 latency", finding.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grpc", """{"port":8080}""", Severity.Error)]
    [InlineData("exec", """{"command":["/bin/health"]}""", Severity.Warning)]
    [InlineData("tcpSocket", """{"port":"http"}""", Severity.Warning)]
    public void Liveness_that_asks_what_readiness_asks_is_found_whatever_it_asks_by(string means, string asked, Severity severity)
    {
        var plan = new[] { ".livenessProbe", ".readinessProbe" }.Aggregate(Other, (left, kind) => left
            .Remove(GoodPlan.Deployment, GoodPlan.Container + kind + ".httpGet")
            .Set(GoodPlan.Deployment, GoodPlan.Container + kind + "." + means, asked));
        Assert.Equal(severity, Assert.Single(Linter.Lint(plan).Findings, finding => finding.Rule == "PR004").Severity);
    }

    [Fact]
    public void Server_that_stops_at_once_is_an_error_behind_a_balancer_and_a_warning_behind_a_service()
    {
        var plan = OtherPlanTests.WithoutContract();
        Assert.Equal(Severity.Error, Assert.Single(Linter.Lint(plan).Findings, finding => finding.Rule == "GS001").Severity);
        Assert.Equal(Severity.Warning, Assert.Single(Linter.Lint(plan.Without(GoodPlan.Binding)).Findings, finding => finding.Rule == "GS001").Severity);
    }

    private static IEnumerable<Plan> Plans() => Wild.Select(Read).Append(OtherPlanTests.WithoutContract());

    private static List<string> Repeated(Plan plan) =>
        [.. Linter.Lint(plan).Findings
            .GroupBy(finding => (finding.Resource, finding.Rule, finding.Found, finding.Expected, finding.Why, finding.Fix))
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Key.Resource} {same.Key.Rule} {same.First().Summary}")];

    private static Plan Read(string file) =>
        PlanReader.Read(File.ReadAllBytes(Path.Combine(RepositoryFile.Root, "tests/Infra.Tests/Rules/Wild", file + ".json")), file + ".json");
}
