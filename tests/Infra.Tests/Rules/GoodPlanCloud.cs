using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>The balancer, its target group and the security groups of <see cref="GoodPlan"/>.</summary>
internal static class GoodPlanCloud
{
    private const string GroupArn = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/orders/1";
    private const string BalancerArn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/balancer/1";

    internal static IEnumerable<PlanResource> Resources(HealthContract contract) =>
    [
        GoodPlan.Resource(ResourceTypes.LoadBalancer, "balancer", """
            {"loadBalancerType":"application","securityGroups":["sg-balancer"],"idleTimeout":60,"enableDeletionProtection":true,
             "dropInvalidHeaderFields":true,"desyncMitigationMode":"strictest","accessLogs":{"bucket":"logs","enabled":true}}
            """) with { Id = BalancerArn, Protect = true },
        GoodPlan.Resource(ResourceTypes.Listener, "http", $$$"""
            {"loadBalancerArn":"{{{BalancerArn}}}","port":80,"protocol":"HTTP",
             "defaultActions":[{"type":"redirect","redirect":{"protocol":"HTTPS","port":"443","statusCode":"HTTP_301"}}]}
            """) with { Id = "arn:listener/http" },
        GoodPlan.Resource(ResourceTypes.Listener, "https", $$"""
            {"loadBalancerArn":"{{BalancerArn}}","port":443,"protocol":"HTTPS","sslPolicy":"ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
             "defaultActions":[{"type":"forward","targetGroupArn":"{{GroupArn}}"}]}
            """) with { Id = "arn:listener/https" },
        GoodPlan.Resource(ResourceTypes.TargetGroup, "orders", $$$"""
            {"port":8080,"protocol":"HTTP","targetType":"ip","deregistrationDelay":30,
             "tags":{"{{{ContractHash.Tag}}}":"{{{ContractHash.Of(contract)}}}"},
             "targetGroupHealth":{"unhealthyStateRouting":{"minimumHealthyTargetsCount":1}},
             "healthCheck":{"enabled":true,"path":"/health","port":"8080","protocol":"HTTP","interval":10,"timeout":5,
                            "healthyThreshold":2,"unhealthyThreshold":3,"matcher":"200"}}
            """) with { Id = GroupArn },
        GoodPlan.Resource(ResourceTypes.WebAclAssociation, "balancer", $$"""{"resourceArn":"{{BalancerArn}}","webAclArn":"arn:aws:wafv2:eu-west-1:1:regional/webacl/users/1"}"""),
        Security("balancer"),
        Security("pods"),
        Security("dependencies"),
        Ingress("https-from-all", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"0.0.0.0/0","description":"Users"}"""),
        Ingress("http-from-all", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":80,"toPort":80,"cidrIpv4":"0.0.0.0/0","description":"Users, redirected"}"""),
        Egress("balancer-to-pods", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-pods","description":"Traffic and probes"}"""),
        Ingress("pods-from-balancer", """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"referencedSecurityGroupId":"sg-balancer","description":"Traffic and probes"}"""),
        Egress("pods-to-dns", """{"securityGroupId":"sg-pods","ipProtocol":"udp","fromPort":53,"toPort":53,"cidrIpv4":"10.0.0.0/16","description":"DNS"}"""),
        Egress("pods-to-database", """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":5432,"toPort":5432,"referencedSecurityGroupId":"sg-dependencies","description":"Database"}"""),
        Ingress("database-from-pods", """{"securityGroupId":"sg-dependencies","ipProtocol":"tcp","fromPort":5432,"toPort":5432,"referencedSecurityGroupId":"sg-pods","description":"Database"}"""),
        GoodPlan.Kubernetes("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "orders", """{"spec":{"podSelector":{"matchLabels":{"app":"orders"}},"securityGroups":{"groupIds":["sg-pods"]}}}"""),
    ];

    private static PlanResource Security(string name) =>
        GoodPlan.Resource(ResourceTypes.SecurityGroup, name, $$"""{"description":"{{name}}"}""") with { Id = $"sg-{name}" };

    private static PlanResource Ingress(string name, string inputs) => GoodPlan.Resource(ResourceTypes.SecurityGroupIngressRule, name, inputs);

    private static PlanResource Egress(string name, string inputs) => GoodPlan.Resource(ResourceTypes.SecurityGroupEgressRule, name, inputs);
}
