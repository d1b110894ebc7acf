using Candor.Contract;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class TargetGroupTests
{
    private const string Type = "aws:lb/targetGroup:TargetGroup";

    [Fact]
    public async Task TargetGroup_default_contract_has_every_health_field_of_the_contract()
    {
        var contract = OrdersContract.Default;

        var group = (await StackRun.Of(StackInputs.Dev())).One(Type);

        Assert.Equal(8080, group.Number("port"));
        Assert.Equal("ip", group.Text("targetType"));
        Assert.Equal("8080", group.Text("healthCheck.port"));
        Assert.Equal("/health", group.Text("healthCheck.path"));
        Assert.Equal("200", group.Text("healthCheck.matcher"));
        Assert.Equal("HTTP", group.Text("healthCheck.protocol"));
        Assert.Equal(10, group.Number("healthCheck.interval"));
        Assert.Equal(5, group.Number("healthCheck.timeout"));
        Assert.Equal(2, group.Number("healthCheck.healthyThreshold"));
        Assert.Equal(3, group.Number("healthCheck.unhealthyThreshold"));
        Assert.Equal(30, group.Number("deregistrationDelay"));
        Assert.Equal(
            contract.Routing.MinimumHealthyTargets, group.Number("targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount"));
        Assert.Equal(ContractHash.Of(contract), ((IReadOnlyDictionary<string, object>)group.At("tags")!)[ContractHash.Tag]);
    }

    [Fact]
    public async Task TargetGroup_overridden_contract_follows_it()
    {
        var config = StackInputs.Dev().With(("health", """
            {"port":8081,"paths":{"readiness":"/ready"},"balancer":{"interval":"7s","timeout":"4s","healthyThreshold":3,"unhealthyThreshold":2,"healthyCodes":"200,204"},
             "drain":{"deregistrationDelay":"20s"},"routing":{"minimumHealthyTargets":2}}
            """));

        var group = (await StackRun.Of(config)).One(Type);

        Assert.Equal(8081, group.Number("port"));
        Assert.Equal("8081", group.Text("healthCheck.port"));
        Assert.Equal("/ready", group.Text("healthCheck.path"));
        Assert.Equal("200,204", group.Text("healthCheck.matcher"));
        Assert.Equal(
            (7, 4, 3, 2),
            (
                group.Number("healthCheck.interval"),
                group.Number("healthCheck.timeout"),
                group.Number("healthCheck.healthyThreshold"),
                group.Number("healthCheck.unhealthyThreshold")));
        Assert.Equal(20, group.Number("deregistrationDelay"));
        Assert.Equal("2", group.Text("targetGroupHealth.dnsFailover.minimumHealthyTargetsCount"));
        Assert.Equal(2, group.Number("targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount"));
    }
}
