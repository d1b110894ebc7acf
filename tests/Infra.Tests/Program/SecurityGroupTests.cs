namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class SecurityGroupTests
{
    private const string IngressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    private const string GroupType = "aws:ec2/securityGroup:SecurityGroup";
    private const string EgressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

    [Fact]
    public async Task Rules_in_cluster_are_exactly_one_per_flow()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        Assert.Equal(
            [
                "balancer-id ← 10.0.0.0/8 tcp 80",
                "dependencies-id ← pods-id tcp 5432",
                "dependencies-id ← pods-id tcp 5672",
                "dependencies-id ← pods-id tcp 6379",
                "pods-id ← balancer-id tcp 8080",
            ],
            Flows(run, IngressType, "←"));
        Assert.Equal(
            [
                "balancer-id → pods-id tcp 8080",
                "pods-id → 10.20.16.0/20 tcp 53",
                "pods-id → 10.20.16.0/20 udp 53",
                "pods-id → dependencies-id tcp 5432",
                "pods-id → dependencies-id tcp 5672",
                "pods-id → dependencies-id tcp 6379",
            ],
            Flows(run, EgressType, "→"));
    }

    [Fact]
    public async Task Rules_of_an_external_stack_go_to_the_dependencies_addresses()
    {
        var run = await StackRun.Of(StackInputs.Prod());

        Assert.Contains("pods-id → 10.20.64.0/22 tcp 5432", Flows(run, EgressType, "→"));
        Assert.DoesNotContain(run.Resources, resource => resource is { Type: "aws:ec2/securityGroup:SecurityGroup", Name: "dependencies" });
        Assert.Contains("balancer-id ← ::/0 tcp 443", Flows(run, IngressType, "←"));
        Assert.Contains("balancer-id ← 0.0.0.0/0 tcp 80", Flows(run, IngressType, "←"));
    }

    [Fact]
    public async Task Rules_follow_the_contract_s_port()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("health", """{"port":8081}""")));

        Assert.Contains("pods-id ← balancer-id tcp 8081", Flows(run, IngressType, "←"));
        Assert.Contains("balancer-id → pods-id tcp 8081", Flows(run, EgressType, "→"));
    }

    [Theory]
    [MemberData(nameof(Modes.Names), MemberType = typeof(Modes))]
    public async Task Rules_of_every_mode_are_described_and_groups_have_none_inline(string mode)
    {
        var run = await StackRun.Of(Modes.All[mode]);

        Assert.All(
            run.Resources.Where(resource => resource.Type is IngressType or EgressType or GroupType),
            resource => Assert.Matches(@"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}$", resource.Text("description")));
        Assert.All(run.OfType(GroupType), group =>
        {
            Assert.Null(group.At("ingress"));
            Assert.Null(group.At("egress"));
        });
    }

    [Fact]
    public async Task Groups_are_attached_to_the_pods_beside_the_cluster_s_own()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("clusterName", "dev")));

        var services = run.One("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "services");
        var dependencies = run.One("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "dependencies");
        Assert.Equal(["pods-id", "sg-cluster"], services.List("spec.securityGroups.groupIds"));
        Assert.Equal(["dependencies-id", "sg-cluster"], dependencies.List("spec.securityGroups.groupIds"));
    }

    private static IEnumerable<string> Flows(StackRun run, string type, string arrow) => run.OfType(type)
        .Select(rule =>
        {
            Assert.Equal(rule.Number("fromPort"), rule.Number("toPort"));
            var other = rule.Text("referencedSecurityGroupId")
                ?? rule.Text("cidrIpv4")
                ?? rule.Text("cidrIpv6")
                ?? rule.Text("prefixListId");
            return $"{rule.Text("securityGroupId")} {arrow} {other} {rule.Text("ipProtocol")} {rule.Number("fromPort")}";
        })
        .Order(StringComparer.Ordinal);
}
