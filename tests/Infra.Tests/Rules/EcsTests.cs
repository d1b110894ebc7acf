using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Rules;

/// <summary>What lint reads of ECS beside what one change shows (<see cref="Elsewhere"/>).</summary>
public sealed class EcsTests
{
    private const string Definitions = "containerDefinitions";

    private static Plan Plan => OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract()).WithEcs();

    [Fact]
    public void Encrypted_container_definitions_are_told_as_unreadable_and_nothing_is_held_against_them()
    {
        var result = Linter.Lint(Plan.Set(Elsewhere.Task, Definitions, "\"[secret]\""));
        Assert.Empty(result.Findings);
        Assert.Contains("container definitions of web", Assert.Single(result.Unreadable), StringComparison.Ordinal);
        Assert.Contains("encrypted or not known yet", LintReport.Summary(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Helm_release_is_told_as_unreadable()
    {
        var result = Linter.Lint(Plan.With(GoodPlan.Resource("kubernetes:helm.sh/v3:Release", "redis", """{"chart":"redis"}""")));
        Assert.Contains("helm template", Assert.Single(result.Unreadable), StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_in_the_environment_of_a_container_is_found_and_not_shown()
    {
        var finding = Assert.Single(Findings(Plan.Set(Elsewhere.Task, Definitions,
            """[{"name":"web","stopTimeout":30,"portMappings":[{"containerPort":8080}],"environment":[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"LOG_LEVEL","value":"debug"}]}]""")));
        Assert.Equal(("SE002", "containerDefinitions[0].environment[0].value"), (finding.Rule, finding.Property));
        Assert.DoesNotContain("hunter2", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_of_a_port_that_no_container_maps_is_found() => Assert.Equal(["EC008"], Rules(Plan.Set(Elsewhere.Task, Definitions,
        """[{"name":"web","stopTimeout":30,"portMappings":[{"containerPort":8080}],"healthCheck":{"command":["CMD-SHELL","curl -f http://localhost:8081/health"]}}]""")));

    [Fact]
    public void Port_that_the_container_does_not_map_is_found() =>
        Assert.Contains("EC006", Rules(Plan.Set(Elsewhere.Service, "loadBalancers[0].containerPort", "9000")));

    [Fact]
    public void Group_of_the_tasks_that_does_not_admit_the_balancer_is_found()
    {
        var finding = Assert.Single(Findings(Plan
            .With(
                GoodPlan.Resource(ResourceTypes.SecurityGroup, "tasks", """{"description":"tasks"}""") with { Id = "sg-tasks" },
                GoodPlan.Resource(ResourceTypes.SecurityGroupEgressRule, "tasks-out", """{"securityGroupId":"sg-tasks","ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"10.0.0.0/16","description":"Images"}"""),
                GoodPlan.Resource(ResourceTypes.SecurityGroupEgressRule, "to-tasks", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-tasks","description":"Traffic"}"""))
            .Set(Elsewhere.Service, "networkConfiguration.securityGroups", """["sg-tasks"]""")));
        Assert.Equal(("SG003", "aws:ec2/securityGroup:SecurityGroup::tasks", "ingress"), (finding.Rule, finding.Resource, finding.Property));
    }

    [Fact]
    public void Service_without_a_balancer_weighs_less()
    {
        var worker = Plan.Remove(Elsewhere.Service, "loadBalancers").Set(Elsewhere.Service, "desiredCount", "1");
        Assert.All(Findings(worker), finding => Assert.Equal(Severity.Warning, finding.Severity));
        Assert.Equal(["EC001", "EC008"], Rules(worker));
    }

    [Fact]
    public void Attribute_of_the_controller_takes_the_place_of_a_target_group_s()
    {
        var plan = OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract())
            .With(GoodPlan.Kubernetes(ResourceTypes.Ingress, "web", """{"spec":{"ingressClassName":"alb","defaultBackend":{"service":{"name":"orders","port":{"number":80}}}}}"""))
            .Set("kubernetes:networking.k8s.io/v1:Ingress::web", "metadata.annotations", """{"alb.ingress.kubernetes.io/healthcheck-path":"/healthz","alb.ingress.kubernetes.io/healthcheck-port":"9999"}""");
        Assert.Equal(["GS003", "HC001", "HC002", "NP001"], Rules(plan.Remove(GoodPlan.Policy, "spec.ingress[0]").Remove(GoodPlan.Policy, "spec.ingress[0]").Set(GoodPlan.Policy, "spec.ingress[0].ports[0].port", "9090")));
    }

    private static IReadOnlyList<Finding> Findings(Plan plan) => Linter.Lint(plan).Findings;

    private static IEnumerable<string> Rules(Plan plan) => Findings(plan).Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal);
}
