using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>What stands behind a target group that is no pod (an ECS service, instances), and how it is wired: all good, and one change each.</summary>
internal static class Elsewhere
{
    internal const string Service = "aws:ecs/service:Service::web";
    internal const string Task = "aws:ecs/taskDefinition:TaskDefinition::web";

    private const string GroupArn = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/orders/1";
    private const string ScalingGroup = "aws:autoscaling/group:Group::web";

    internal static IEnumerable<(string Rule, string What, Func<Plan, Plan> Change)> All =>
    [
        ("EC001", "one task", plan => plan.WithEcs().Set(Service, "desiredCount", "1")),
        ("EC001", "an autoscaling minimum of one task", plan => plan.WithEcs().With(GoodPlan.Resource(
            "aws:appautoscaling/target:Target", "web", """{"serviceNamespace":"ecs","resourceId":"service/shop/web","minCapacity":1,"maxCapacity":4}"""))),
        ("EC002", "no grace period", plan => plan.WithEcs().Remove(Service, "healthCheckGracePeriodSeconds")),
        ("EC003", "a service that does not wait for its listener", plan => plan.WithEcs().Edit(Service, service => service with { DependsOn = [] })),
        ("EC004", "containers killed before the deregistration delay ends", plan => plan.WithEcs(container: """,{"stopTimeout":10}""")),
        ("EC005", "no circuit breaker", plan => plan.WithEcs().Remove(Service, "deploymentCircuitBreaker")),
        ("EC005", "a circuit breaker that rolls nothing back", plan => plan.WithEcs().Set(Service, "deploymentCircuitBreaker.rollback", "false")),
        ("EC006", "a port that no container maps", plan => plan.WithEcs().Set(Service, "loadBalancers[0].containerName", "\"api\"")),
        ("EC007", "a deployment that stops all tasks", plan => plan.WithEcs().Set(Service, "deploymentMinimumHealthyPercent", "0")),
        ("EC008", "a worker that nobody asks", plan => plan.WithEcs().Remove(Service, "loadBalancers")),
        ("AG001", "instances that EC2 alone looks at", plan => plan.WithInstances().Remove(ScalingGroup, "healthCheckType")),
        ("AG002", "one instance", plan => plan.WithInstances().Set(ScalingGroup, "minSize", "1")),
        ("BW001", "a target group to which nobody forwards", plan => plan.With(plan.Index.Find(GoodPlan.Group)! with { Name = "spare", Id = "arn:spare" })
            .Set("aws:lb/targetGroup:TargetGroup::spare", "targetType", "\"instance\"")),
        ("BW002", "two listeners on one port", plan => plan.With(plan.Index.Find(GoodPlan.HttpListener)! with { Name = "second", Id = "arn:listener/second" })),
        ("BW003", "Redis behind HTTP", plan => plan.Set(GoodPlan.Group, "port", "6379")),
        ("BW004", "tasks from which nothing leaves", plan => plan.WithEcs().Set(Service, "networkConfiguration.securityGroups", """["sg-tasks"]""")
            .With(
                GoodPlan.Resource(ResourceTypes.SecurityGroup, "tasks", "{}") with { Id = "sg-tasks" },
                GoodPlan.Resource(ResourceTypes.SecurityGroupIngressRule, "tasks", """{"securityGroupId":"sg-tasks","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-balancer","description":"Traffic"}"""),
                GoodPlan.Resource(ResourceTypes.SecurityGroupEgressRule, "tasks", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-tasks","description":"Traffic"}"""))),
    ];

    /// <summary>The Plan with an ECS service in which everything holds, behind the balancer's target group.</summary>
    /// <param name="plan">The Plan.</param>
    /// <param name="container">JSON of a second container, or of what replaces the first one's settings.</param>
    internal static Plan WithEcs(this Plan plan, string container = "")
    {
        var stop = container.Contains("stopTimeout", StringComparison.Ordinal) ? "10" : "30";
        return plan.With(
            GoodPlan.Resource("aws:ecs/service:Service", "web", $$$"""
                {"name":"web","taskDefinition":"id-web","desiredCount":2,"healthCheckGracePeriodSeconds":60,"launchType":"FARGATE",
                 "deploymentCircuitBreaker":{"enable":true,"rollback":true},
                 "networkConfiguration":{"securityGroups":["sg-pods"]},
                 "loadBalancers":[{"targetGroupArn":"{{{GroupArn}}}","containerName":"web","containerPort":8080}]}
                """) with { Id = "arn:service/web", DependsOn = [GoodPlan.HttpsListener] },
            GoodPlan.Resource("aws:ecs/taskDefinition:TaskDefinition", "web", $$"""
                {"networkMode":"awsvpc","containerDefinitions":"[{\"name\":\"web\",\"image\":\"web\",\"stopTimeout\":{{stop}},\"portMappings\":[{\"containerPort\":8080}]}]"}
                """));
    }

    internal static Plan WithInstances(this Plan plan) => plan.With(GoodPlan.Resource(
        "aws:autoscaling/group:Group", "web", $$"""{"targetGroupArns":["{{GroupArn}}"],"minSize":2,"maxSize":4,"healthCheckType":"ELB","healthCheckGracePeriod":60}"""));
}
