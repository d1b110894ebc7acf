using System.Globalization;
using Candor.Planning;
using Candor.Planning.Lint;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Rules;

/// <summary>Generated ways of writing what is right, per construct and without a contract: none of them has a finding.</summary>
public sealed class HealthyVariationTests
{
    private const string Ingress = "kubernetes:networking.k8s.io/v1:Ingress::web";
    private const string Controller = "alb.ingress.kubernetes.io/";

    private static Plan Base => OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract());

    [Fact]
    public void Ecs_service_in_any_healthy_form_has_no_finding()
    {
        var forms =
            from tasks in Gen.Choose(2, 20)
            from grace in Gen.Choose(30, 900)
            from percent in Gen.Elements("50", "100", "null")
            from launch in Gen.Elements("\"FARGATE\"", "\"EC2\"", "null")
            from breaker in Gen.Elements("breaker", "alarms", "code-deploy")
            from scaled in Gen.Elements(true, false)
            select (tasks, grace, percent, launch, breaker, scaled);
        Prop.ForAll(forms.ToArbitrary(), form =>
        {
            var plan = Base.WithEcs()
                .Set(Elsewhere.Service, "desiredCount", form.scaled ? "1" : Text(form.tasks))
                .Set(Elsewhere.Service, "healthCheckGracePeriodSeconds", Text(form.grace))
                .Set(Elsewhere.Service, "deploymentMinimumHealthyPercent", form.percent)
                .Set(Elsewhere.Service, "launchType", form.launch);
            plan = form.breaker switch
            {
                "alarms" => plan.Remove(Elsewhere.Service, "deploymentCircuitBreaker").Set(Elsewhere.Service, "alarms", """{"enable":true,"rollback":true,"alarmNames":["web"]}"""),
                "code-deploy" => plan.Remove(Elsewhere.Service, "deploymentCircuitBreaker").Set(Elsewhere.Service, "deploymentController", """{"type":"CODE_DEPLOY"}"""),
                _ => plan,
            };
            Healthy(form.scaled
                ? plan.With(GoodPlan.Resource("aws:appautoscaling/target:Target", "web", $$"""{"serviceNamespace":"ecs","resourceId":"service/shop/web","minCapacity":{{form.tasks}},"maxCapacity":40}"""))
                : plan);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void Instances_in_any_healthy_form_have_no_finding()
    {
        var forms = from least in Gen.Choose(2, 10) from grace in Gen.Elements("60", "300", "null") from attached in Gen.Elements(true, false) select (least, grace, attached);
        Prop.ForAll(forms.ToArbitrary(), form =>
        {
            const string Group = "aws:autoscaling/group:Group::web";
            var plan = Base.WithInstances().Set(Group, "minSize", Text(form.least)).Set(Group, "healthCheckGracePeriod", form.grace);
            Healthy(form.attached
                ? plan.Remove(Group, "targetGroupArns").With(GoodPlan.Resource("aws:autoscaling/attachment:Attachment", "web",
                    """{"autoscalingGroupName":"id-web","lbTargetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/orders/1"}"""))
                : plan);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Ingress_of_the_load_balancer_controller_in_any_healthy_form_has_no_finding()
    {
        var forms =
            from interval in Gen.Choose(6, 10)
            from healthy in Gen.Choose(2, 5)
            from unhealthy in Gen.Choose(2, 3)
            from port in Gen.Elements("traffic-port", "8080")
            from delay in Gen.Choose(10, 60)
            from byClass in Gen.Elements(true, false)
            select (interval, healthy, unhealthy, port, delay, byClass);
        Prop.ForAll(forms.ToArbitrary(), form =>
        {
            var annotations = $$"""
                {"{{Controller}}healthcheck-path":"/health","{{Controller}}healthcheck-port":"{{form.port}}","{{Controller}}healthcheck-protocol":"HTTP",
                 "{{Controller}}healthcheck-interval-seconds":"{{form.interval}}","{{Controller}}healthcheck-timeout-seconds":"5",
                 "{{Controller}}healthy-threshold-count":"{{form.healthy}}","{{Controller}}unhealthy-threshold-count":"{{form.unhealthy}}",
                 "{{Controller}}success-codes":"200","{{Controller}}target-group-attributes":"deregistration_delay.timeout_seconds={{form.delay}},stickiness.enabled=true"}
                """;
            var plan = Base.With(GoodPlan.Kubernetes(ResourceTypes.Ingress, "web", """{"spec":{"defaultBackend":{"service":{"name":"orders","port":{"number":80}}}}}"""))
                .Set(Ingress, "metadata.annotations", annotations);
            Healthy(form.byClass ? plan.Set(Ingress, "spec.ingressClassName", "\"alb\"") : plan.Set(Ingress, "metadata.annotations[\"kubernetes.io/ingress.class\"]", "\"alb\""));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Pods_in_any_healthy_form_have_no_finding()
    {
        var forms =
            from hook in Gen.Elements("""{"sleep":{"seconds":35}}""", """{"httpGet":{"path":"/leave","port":8080}}""", """{"exec":{"command":["/bin/leave"]}}""")
            from liveness in Gen.Elements(
                """{"httpGet":{"path":"/healthz","port":8080}}""", """{"tcpSocket":{"port":"http"}}""", """{"grpc":{"port":8080,"service":"liveness"}}""", """{"exec":{"command":["/bin/live"]}}""")
            from unavailable in Gen.Elements("0", "1", "\"25%\"")
            from surge in Gen.Elements("1", "2", "\"50%\"")
            select (hook, liveness, unavailable, surge);
        Prop.ForAll(forms.ToArbitrary(), form =>
        {
            var probe = PlanValue.Parse(form.liveness).ToNode()!.AsObject();
            foreach (var (name, value) in new[] { ("initialDelaySeconds", 15), ("periodSeconds", 20), ("timeoutSeconds", 3), ("failureThreshold", 3), ("successThreshold", 1) })
            {
                probe[name] = value;
            }

            Healthy(Base
                .Set(GoodPlan.Deployment, GoodPlan.Container + ".lifecycle.preStop", form.hook)
                .Set(GoodPlan.Deployment, GoodPlan.Container + ".livenessProbe", probe.ToJsonString())
                .Set(GoodPlan.Deployment, "spec.strategy.rollingUpdate.maxUnavailable", form.unavailable)
                .Set(GoodPlan.Deployment, "spec.strategy.rollingUpdate.maxSurge", form.surge));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static void Healthy(Plan plan) =>
        Assert.Empty(Linter.Lint(plan).Findings.Select(finding => $"{finding.Severity} {finding.Rule} {finding.Resource} {finding.Summary}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
