using System.Text;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Rules;

/// <summary>What is right in a Plan without our contract, and was held against it once.</summary>
public sealed class NothingFalseTests
{
    private const string Pods = "aws:ec2/securityGroup:SecurityGroup::pods";
    private const string Readiness = GoodPlan.Container + ".readinessProbe";
    private const string Volumes = """[{"name":"data","persistentVolumeClaim":{"claimName":"data"}}]""";

    private static Plan Plan => OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract());

    [Theory]
    [InlineData("426")]
    [InlineData("204,206")]
    public void Matcher_without_200_and_without_a_contract_is_a_question(string matcher)
    {
        var finding = Assert.Single(Of("HC004", Plan.Set(GoodPlan.Group, "healthCheck.matcher", $"\"{matcher}\"")));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains($"unless this app answers {matcher}", finding.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200-599")]
    [InlineData("503")]
    [InlineData("two hundred")]
    public void Matcher_that_accepts_an_unhealthy_answer_or_cannot_be_read_is_an_error_without_a_contract_too(string matcher) =>
        Assert.Equal(Severity.Error, Assert.Single(Of("HC004", Plan.Set(GoodPlan.Group, "healthCheck.matcher", $"\"{matcher}\""))).Severity);

    [Theory]
    [InlineData("0", false)]
    [InlineData("0-12", false)]
    [InlineData("0-99", true)]
    [InlineData("200", true)]
    public void Matcher_of_a_grpc_target_group_holds_grpc_codes(string matcher, bool isFound) =>
        Assert.Equal(isFound, Of("HC004", Plan.Set(GoodPlan.Group, "protocolVersion", "\"GRPC\"").Set(GoodPlan.Group, "healthCheck.matcher", $"\"{matcher}\"")).Count == 1);

    [Theory]
    [InlineData("TCP")]
    [InlineData("TLS")]
    [InlineData("UDP")]
    [InlineData("TCP_UDP")]
    public void Target_group_below_http_has_no_path_and_no_matcher(string protocol)
    {
        var plan = Plan.Set(GoodPlan.Group, "protocol", $"\"{protocol}\"").Remove(GoodPlan.Group, "healthCheck");
        var missing = Assert.Single(Of("HC001", plan)).Fields;
        Assert.Contains("healthCheck.interval", missing);
        Assert.DoesNotContain("healthCheck.path", missing);
        Assert.DoesNotContain("healthCheck.matcher", missing);
    }

    [Fact]
    public void Health_check_of_a_function_is_off_unless_it_is_switched_on_and_has_no_port()
    {
        var off = Plan.Without(GoodPlan.Binding).Set(GoodPlan.Group, "targetType", "\"lambda\"").Remove(GoodPlan.Group, "healthCheck");
        Assert.Empty(Of("HC001", off));
        Assert.Equal(
            ["healthCheck.interval", "healthCheck.timeout", "healthCheck.healthyThreshold", "healthCheck.unhealthyThreshold"],
            Assert.Single(Of("HC001", off.Set(GoodPlan.Group, "healthCheck", """{"enabled":true}"""))).Fields);
    }

    [Fact]
    public void Health_check_that_is_off_is_reported_as_such_and_nothing_else_of_it()
    {
        var finding = Assert.Single(Of("HC001", Plan.Set(GoodPlan.Group, "healthCheck", """{"enabled":false}""")));
        Assert.Equal("healthCheck.enabled", finding.Property);
    }

    [Fact]
    public void Probe_of_a_port_number_needs_no_declaration_and_a_name_does()
    {
        Assert.Empty(Of("PR006", Plan.Set(GoodPlan.Deployment, Readiness + ".httpGet.port", "10254")));
        Assert.Single(Of("PR006", Plan.Set(GoodPlan.Deployment, Readiness + ".httpGet.port", "\"web\"")));
    }

    [Fact]
    public void Kubelet_of_the_pods_own_node_is_always_admitted()
    {
        Assert.Empty(Of("NP001", Plan.Remove(GoodPlan.Policy, "spec.ingress[1]")));
        Assert.Empty(Of("NP001", Plan.Set(GoodPlan.DatabasePolicy, "spec.ingress", "[]")));
    }

    [Fact]
    public void Inline_ingress_beside_separate_egress_does_not_clash_and_beside_separate_ingress_does()
    {
        const string Inline = """[{"protocol":"tcp","fromPort":8080,"toPort":8080,"securityGroups":["sg-balancer"],"description":"Traffic"}]""";
        var both = Plan.Set(Pods, "ingress", Inline);
        Assert.Single(Of("SG004", both));
        Assert.Empty(Of("SG004", both.Without("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer")));
    }

    [Theory]
    [InlineData("ReadWriteOnce", false)]
    [InlineData("ReadWriteOncePod", false)]
    [InlineData("ReadWriteMany", true)]
    public void Claim_that_one_node_can_mount_excludes_a_second_replica(string mode, bool isFound)
    {
        var plan = Single($$$"""{"spec":{"accessModes":["{{{mode}}}"]}}""");
        Assert.Equal(isFound, Of("RO003", plan).Exists(finding => finding.Severity == Severity.Error));
        Assert.Equal(isFound, Of("RO001", plan.Set(GoodPlan.Deployment, "spec.strategy", """{"type":"Recreate"}""")).Count > 0);
    }

    [Fact]
    public void Rolling_update_beside_a_claim_that_one_node_can_mount_is_recommended_to_recreate()
    {
        var finding = Assert.Single(Of("RO001", Single("""{"spec":{"accessModes":["ReadWriteOnce"]}}""")));
        Assert.StartsWith("Recreate", finding.Expected, StringComparison.Ordinal);
        Assert.Equal(Severity.Warning, finding.Severity);
    }

    [Fact]
    public void Claim_outside_of_the_plan_may_exclude_a_second_replica()
    {
        var plan = Single(null);
        Assert.Empty(Of("RO001", plan));
        Assert.Empty(Of("RO003", plan));
    }

    [Theory]
    [InlineData("alb")]
    [InlineData("elasticloadbalancingv2")]
    public void Older_name_of_the_load_balancing_module_is_read_like_today_s(string module)
    {
        var good = Renamed(Plan, module);
        Assert.Empty(Linter.Lint(good).Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
        var group = GoodPlan.Group.Replace("aws:lb/", $"aws:{module}/", StringComparison.Ordinal);
        Assert.Equal(group, Assert.Single(Linter.Lint(good.Remove(group, "healthCheck.timeout")).Findings).Resource);
    }

    [Fact]
    public void Budget_of_an_older_version_is_read_and_reported_as_no_longer_served()
    {
        var older = Plan.Edit(GoodPlan.Budget, budget => budget with { Type = "kubernetes:policy/v1beta1:PodDisruptionBudget" });
        var finding = Assert.Single(Linter.Lint(older).Findings);
        Assert.Equal(("AV001", "\"policy/v1beta1\""), (finding.Rule, finding.Found));
        Assert.Contains("policy/v1", finding.Expected, StringComparison.Ordinal);
        Assert.Contains("1.25", finding.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernetes:networking.k8s.io/v1beta1:IPAddress")]
    [InlineData("kubernetes:autoscaling/v1:HorizontalPodAutoscaler")]
    [InlineData("kubernetes:storage.k8s.io/v1beta1:VolumeAttributesClass")]
    public void Version_that_is_still_served_is_not_reported(string type) =>
        Assert.Empty(Of("AV001", Plan.With(GoodPlan.Kubernetes(type, "other", """{"spec":{}}"""))));

    [Fact]
    public void Session_marker_in_a_probe_is_no_login_and_a_credential_is()
    {
        Assert.Empty(Of("HC005", Plan.Set(GoodPlan.Deployment, Readiness + ".httpGet.httpHeaders", """[{"name":"Cookie","value":"shop_session-id=x-readiness-probe"}]""")));
        Assert.Single(Of("HC005", Plan.Set(GoodPlan.Deployment, Readiness + ".httpGet.httpHeaders", """[{"name":"Authorization","value":"Basic x"}]""")));
    }

    [Fact]
    public void Resource_that_is_only_read_is_a_fact_for_others_and_has_no_finding()
    {
        var plan = ReadState("""
            {"urn":"urn:pulumi:prod::shop::aws:lb/targetGroup:TargetGroup::orders","custom":true,"external":true,"id":"arn:group","type":"aws:lb/targetGroup:TargetGroup",
             "inputs":{},"outputs":{"arn":"arn:group","protocol":"HTTP","targetType":"ip","deregistrationDelay":5}}
            """);
        var group = Assert.Single(plan.Resources);
        Assert.True(group.IsExternal);
        Assert.Equal(5, group.Inputs["deregistrationDelay"].Number);
        var result = Linter.Lint(plan);
        Assert.Empty(result.Findings);
        Assert.Equal(0, result.Judged);
        Assert.Equal(plan, PlanReader.Read(Encoding.UTF8.GetBytes(PlanJson.Serialize(plan)), "plan.json"));
        Assert.NotEmpty(Linter.Lint(plan.Edit(group.Urn, declared => declared with { IsExternal = false })).Findings);
    }

    private static List<Finding> Of(string rule, Plan plan) => [.. Linter.Lint(plan).Findings.Where(finding => finding.Rule == rule)];

    private static Plan Single(string? claim)
    {
        var plan = Plan.Without(GoodPlan.Autoscaler).Without(GoodPlan.Budget)
            .Set(GoodPlan.Deployment, "spec.replicas", "1")
            .Set(GoodPlan.Deployment, "spec.template.spec.volumes", Volumes);
        return claim is null ? plan : plan.With(GoodPlan.Kubernetes("kubernetes:core/v1:PersistentVolumeClaim", "data", claim));
    }

    private static Plan Renamed(Plan plan, string module) => plan with
    {
        Resources = [.. plan.Resources.Select(resource => resource with { Type = resource.Type.Replace("aws:lb/", $"aws:{module}/", StringComparison.Ordinal) })],
    };

    private static Plan ReadState(string state) => PlanReader.Read(
        Encoding.UTF8.GetBytes($$$"""
            {"version":3,"deployment":{"resources":[{"urn":"urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod","custom":false,"type":"pulumi:pulumi:Stack"},{{{state}}}]}}
            """),
        "export.json");
}
