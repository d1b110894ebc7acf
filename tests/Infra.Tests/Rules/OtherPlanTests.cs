using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Rules;

/// <summary>Plans of other people's programs: without a contract, with other balancers, and with rules written in other forms.</summary>
public sealed class OtherPlanTests
{
    [Fact]
    public void Plan_without_a_contract_compares_its_planes()
    {
        var plan = WithoutContract();
        Assert.Equal(["GS001"], Rules(plan));
        Assert.Empty(Rules(Sleeping(plan)));
    }

    [Theory]
    [InlineData(GoodPlan.Group, "healthCheck.path", "\"/status\"", "HC002")]
    [InlineData(GoodPlan.Group, "healthCheck.port", "\"8081\"", "HC002")]
    [InlineData(GoodPlan.Group, "healthCheck.matcher", "\"200-302\"", "HC005")]
    [InlineData(GoodPlan.Group, "deregistrationDelay", "300", "GS003")]
    [InlineData(GoodPlan.Deployment, "spec.template.spec.terminationGracePeriodSeconds", "30", "GS002")]
    [InlineData(GoodPlan.Deployment, GoodPlan.Container + ".livenessProbe.httpGet.path", "\"/health\"", "PR004")]
    [InlineData(GoodPlan.Deployment, GoodPlan.Container + ".livenessProbe.httpGet.path", "\"/readyz\"", "PR005")]
    [InlineData(GoodPlan.Service, "spec.ports[1]", """{"name":"admin","port":9090,"targetPort":"management"}""", "MP001")]
    public void Plan_without_a_contract_is_held_against_the_other_plane(string urn, string path, string value, string expected) =>
        Assert.Equal(expected.Split(' '), Rules(Sleeping(WithoutContract()).Set(urn, path, value)));

    [Fact]
    public void Security_group_with_inline_rules_is_read_like_one_with_rules_of_its_own()
    {
        var inline = Sleeping(WithoutContract())
            .Without("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer")
            .Without("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::pods-to-dns")
            .Without("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::pods-to-database")
            .Set("aws:ec2/securityGroup:SecurityGroup::pods", "ingress", """[{"protocol":"tcp","fromPort":8000,"toPort":8100,"securityGroups":["sg-balancer"],"description":"Traffic and probes"}]""");
        Assert.Empty(Rules(inline));
        Assert.Equal(["SG003"], Rules(inline.Set("aws:ec2/securityGroup:SecurityGroup::pods", "ingress[0].toPort", "8079")));
        Assert.Equal(["SG001"], Rules(inline.Set("aws:ec2/securityGroup:SecurityGroup::pods", "ingress[0].cidrBlocks", "[\"0.0.0.0/0\"]")));
    }

    [Fact]
    public void Older_rule_resource_is_read_like_the_newer_ones()
    {
        var older = Sleeping(WithoutContract())
            .Without("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer")
            .With(GoodPlan.Resource(ResourceTypes.SecurityGroupRule, "pods", """{"type":"ingress","securityGroupId":"sg-pods","protocol":"tcp","fromPort":8080,"toPort":8080,"sourceSecurityGroupId":"sg-balancer","description":"Traffic"}"""));
        Assert.Empty(Rules(older));
        Assert.Equal(["SG003"], Rules(older.Set(ResourceTypes.SecurityGroupRule + "::pods", "type", "\"egress\"")));
    }

    [Fact]
    public void Alarm_is_found_by_a_reference_that_is_only_known_after_deployment()
    {
        const string Alarm = "aws:cloudwatch/metricAlarm:MetricAlarm::target-5xx";
        var plan = GoodPlan.Create().Edit(GoodPlan.Group, group => group with { Id = "[unknown:x]" }).Set(GoodPlan.Binding, "spec.targetGroupARN", "\"[unknown:x]\"").Set(GoodPlan.HttpsListener, "defaultActions[0].targetGroupArn", "\"[unknown:x]\"");
        Assert.Empty(Rules(plan.Set(Alarm, "dimensions.TargetGroup", "\"[unknown:x]\"")));
    }

    [Fact]
    public void Second_service_is_held_against_its_own_contract()
    {
        var plan = TwoServices();
        Assert.Empty(Rules(plan));
        Assert.Equal([("HC006", "aws:lb/targetGroup:TargetGroup::basket")],
            Linter.Lint(plan.Set("aws:lb/targetGroup:TargetGroup::basket", "healthCheck.timeout", "2")).Findings.Select(finding => (finding.Rule, finding.Resource)));
        Assert.Equal(["TG002"], Rules(plan.Set("kubernetes:core/v1:ConfigMap::basket", "data.CANDOR_CONTRACT", "\"{\\\"port\\\":70000}\"")));
    }

    [Fact]
    public void Google_balancer_is_held_against_its_own_ranges_and_idle_timeout()
    {
        var plan = Google();
        // HC007: this balancer does not fail open, so that balancerOnly takes out every instance.
        Assert.Equal(["GS004", "HC007", "NP001"], Rules(plan));
        var admitted = plan.Set(GoodPlan.Policy, "spec.ingress[0].from", """[{"ipBlock":{"cidr":"35.191.0.0/16"}},{"ipBlock":{"cidr":"130.211.0.0/22"}}]""");
        Assert.Equal(["GS004", "HC007"], Rules(admitted));
        Assert.Equal(["GS004", "HC002", "HC007"], Rules(admitted.Set("kubernetes:cloud.google.com/v1:BackendConfig::orders", "spec.healthCheck.requestPath", "\"/healthz\"")));
        Assert.Equal(["GS001", "GS004", "HC007"], Rules(admitted.Set("kubernetes:cloud.google.com/v1:BackendConfig::orders", "spec.connectionDraining.drainingTimeoutSec", "50")));
    }

    [Fact]
    public void Nginx_admits_the_ingress_controller_by_its_namespace()
    {
        var plan = Nginx();
        Assert.Equal(["NP001"], Rules(plan.Remove(GoodPlan.Policy, "spec.ingress[0]").Set(GoodPlan.Policy, "spec.ingress[0].from[0].ipBlock", """{"cidr":"10.0.16.0/20"}""").Remove(GoodPlan.Policy, "spec.ingress[0]")));
        Assert.Empty(Rules(plan.Set(GoodPlan.Policy, "spec.ingress[0].from[0]", """{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ingress-nginx"}}}""")));
    }

    private static string[] Rules(Plan plan) => [.. Linter.Lint(plan).Findings.Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal)];

    // Nobody without our contract asks for a scope.
    internal static Plan WithoutContract() => (GoodPlan.Create() with { Contract = null })
        .Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.path", "\"/health\"")
        .Without(GoodPlan.Settings)
        .Remove(GoodPlan.Deployment, GoodPlan.Container + ".env")
        .Remove(GoodPlan.Deployment, "spec.template.metadata.annotations")
        .Remove(GoodPlan.Group, "tags");

    internal static Plan Sleeping(Plan plan) => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".lifecycle", """{"preStop":{"sleep":{"seconds":35}}}""");

    private static Plan TwoServices()
    {
        var plan = GoodPlan.Create();
        var second = plan.Resources
            .Where(resource => resource.Name is "orders" || resource.Name is "unhealthy-hosts" or "healthy-hosts" or "target-5xx" or "latency" or "healthy-but-failing")
            .Select(resource => resource with
            {
                Name = resource.Name == "orders" ? "basket" : $"basket-{resource.Name}",
                Id = resource.Id?.Replace("orders", "basket", StringComparison.Ordinal),
                DependsOn = [.. resource.DependsOn.Select(urn => urn.Replace("::orders", "::basket", StringComparison.Ordinal))],
                Inputs = PlanValue.Parse(resource.Inputs.ToString()
                    .Replace("\"orders\"", "\"basket\"", StringComparison.Ordinal)
                    .Replace("/orders", "/basket", StringComparison.Ordinal)
                    .Replace("\"namespace\":\"basket\"", "\"namespace\":\"orders\"", StringComparison.Ordinal)),
            });
        return plan.With([.. second])
            .Set(GoodPlan.HttpsListener, "defaultActions[1]", """{"type":"forward","targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/basket/1"}""")
            .Set(GoodPlan.DatabasePolicy, "spec.ingress[0].from[1]", """{"podSelector":{"matchLabels":{"app":"basket"}}}""");
    }

    private static Plan InCluster() => GoodPlan.Create() is var plan
        ? (plan with { Resources = [.. plan.Resources.Where(resource => !resource.Type.StartsWith("aws:", StringComparison.Ordinal))] })
            .Without(GoodPlan.Binding)
            .Without("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy::orders")
            .Remove(GoodPlan.Deployment, "spec.template.spec.readinessGates")
        : plan;

    private static Plan Google() => InCluster()
        .With(
            Ingress("gce"),
            GoodPlan.Kubernetes("kubernetes:cloud.google.com/v1:BackendConfig", "orders", """
                {"spec":{"connectionDraining":{"drainingTimeoutSec":30},
                 "healthCheck":{"type":"HTTP","requestPath":"/health","port":8080,"checkIntervalSec":10,"timeoutSec":5,"healthyThreshold":2,"unhealthyThreshold":3}}}
                """))
        .Set(GoodPlan.Service, "metadata.annotations", """{"cloud.google.com/backend-config":"{\"default\":\"orders\"}"}""");

    private static Plan Nginx() => InCluster().With(Ingress("nginx"));

    private static PlanResource Ingress(string @class) => GoodPlan.Kubernetes(ResourceTypes.Ingress, "orders", $$$$$"""
        {"spec":{"ingressClassName":"{{{{{@class}}}}}","rules":[{"http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"orders","port":{"name":"http"}}}}]}}]}}
        """);
}
