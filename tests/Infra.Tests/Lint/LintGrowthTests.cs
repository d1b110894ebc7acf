using System.Diagnostics;
using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Lint;

/// <summary>Lint of many services of other people's making: all in one namespace, behind one balancer, with one label that all have.</summary>
public sealed class LintGrowthTests
{
    [Fact]
    public void Time_grows_with_the_services_and_not_with_their_square()
    {
        _ = Time(Many(200));
        var few = Enumerable.Range(0, 3).Min(_ => Time(Many(250)));
        var many = Enumerable.Range(0, 3).Min(_ => Time(Many(2000)));

        // Eight times as many: 8 when it is linear, 64 when every service is compared with every other.
        Assert.True(many < few * 28, $"{many.TotalMilliseconds:0} ms for 2,000 services, {few.TotalMilliseconds:0} ms for 250");
    }

    private static TimeSpan Time(Plan plan)
    {
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        _ = Linter.Lint(plan);
        process.Refresh();
        return process.TotalProcessorTime - start;
    }

    private static Plan Many(int services) => new()
    {
        Project = "big",
        Stack = "big",
        Outputs = PlanValue.EmptyObject,
        Resources = [.. Shared(), .. Enumerable.Range(0, services).SelectMany(Service)],
    };

    private static IEnumerable<PlanResource> Shared() =>
    [
        GoodPlan.Resource(ResourceTypes.LoadBalancer, "balancer", """{"securityGroups":["sg-balancer"]}""") with { Id = "arn:balancer" },
        GoodPlan.Resource(ResourceTypes.SecurityGroup, "balancer", "{}") with { Id = "sg-balancer" },
        GoodPlan.Resource(ResourceTypes.Listener, "https", """{"loadBalancerArn":"arn:balancer","port":443,"protocol":"HTTPS","defaultActions":[{"type":"fixed-response"}]}""") with { Id = "arn:https" },
    ];

    private static IEnumerable<PlanResource> Service(int number)
    {
        var name = $"service-{number}";
        const string labels = """{"aaa/part-of":"shop","app":"NAME"}""";
        return Templates(name).Select(template => template with
        {
            Inputs = PlanValue.Parse(template.Inputs.ToString()
                .Replace("\"LABELS\"", labels, StringComparison.Ordinal)
                .Replace("NAME", name, StringComparison.Ordinal)
                .Replace("\"NUMBER\"", $"{number + 1}", StringComparison.Ordinal)),
        });
    }

    private static IEnumerable<PlanResource> Templates(string name) =>
    [
        GoodPlan.Resource(ResourceTypes.TargetGroup, name, """{"port":8080,"protocol":"HTTP","targetType":"ip","healthCheck":{"path":"/health"}}""") with { Id = $"arn:{name}" },
        GoodPlan.Resource(ResourceTypes.ListenerRule, name, """{"listenerArn":"arn:https","priority":"NUMBER","actions":[{"type":"forward","targetGroupArn":"arn:NAME"}]}"""),
        GoodPlan.Resource(ResourceTypes.SecurityGroup, name, "{}") with { Id = $"sg-{name}" },
        GoodPlan.Resource(ResourceTypes.SecurityGroupIngressRule, name, """{"securityGroupId":"sg-NAME","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-balancer"}"""),
        GoodPlan.Resource(ResourceTypes.SecurityGroupEgressRule, name, """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-NAME"}"""),
        GoodPlan.Kubernetes(ResourceTypes.Service, name, """{"spec":{"selector":"LABELS","ports":[{"port":80,"targetPort":"http"}]}}"""),
        GoodPlan.Kubernetes(ResourceTypes.TargetGroupBinding, name, """{"spec":{"targetGroupARN":"arn:NAME","targetType":"ip","serviceRef":{"name":"NAME","port":80}}}"""),
        GoodPlan.Kubernetes(ResourceTypes.PodDisruptionBudget, name, """{"spec":{"maxUnavailable":1,"selector":{"matchLabels":"LABELS"}}}"""),
        GoodPlan.Kubernetes(ResourceTypes.NetworkPolicy, name, """{"spec":{"podSelector":{"matchLabels":"LABELS"},"ingress":[{"ports":[{"port":8080}],"from":[{"ipBlock":{"cidr":"10.0.0.0/16"}}]}]}}"""),
        GoodPlan.Kubernetes(ResourceTypes.HorizontalPodAutoscaler, name, """{"spec":{"minReplicas":2,"maxReplicas":4,"scaleTargetRef":{"kind":"Deployment","name":"NAME"}}}"""),
        GoodPlan.Kubernetes(ResourceTypes.Deployment, name, """
                {"spec":{"template":{"metadata":{"labels":"LABELS"},"spec":{"containers":[{"name":"app","image":"app:1","ports":[{"name":"http","containerPort":8080}]}]}}}}
                """),
    ];
}
