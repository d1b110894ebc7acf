namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class ManyServicesTests
{
    [Fact]
    public async Task Hundred_services_share_one_balancer_without_colliding()
    {
        var further = Enumerable.Range(1, 99)
            .Select(number => $$$"""{"name":"service-{{{number}}}","image":"a/b:1","paths":["/s{{{number}}}/*"]}""");

        var run = await StackRun.Of(StackInputs.Dev().With(("services", $"[{string.Join(',', further)}]")));

        Assert.Equal(100, run.OfType("kubernetes:apps/v1:Deployment").Count());
        Assert.Single(run.OfType("aws:lb/loadBalancer:LoadBalancer"));
        Assert.Equal(99, run.OfType("aws:lb/listenerRule:ListenerRule").Select(rule => rule.Number("priority")).Distinct().Count());
        Assert.Equal(run.Resources.Count, run.Resources.Select(resource => (resource.Type, resource.Name)).Distinct().Count());
        // One flow from balancer to pods, however many services share its port.
        Assert.Single(
            run.OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), rule => rule.Text("securityGroupId") == "pods-id");
    }
}
