using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class StackConfigRunTests
{
    [Fact]
    public async Task Run_with_a_wrong_config_fails_with_the_key_and_creates_nothing()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StackRun.Of(StackInputs.Dev().With(
            ("minReplicas", "0"), ("maxReplica", "9"))));

        Assert.Contains("candor:minReplicas", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("candor:maxReplicas", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_outputs_are_url_target_group_hash_and_timeline()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var config = StackConfig.Read(StackInputs.Dev());
        Assert.Equal("http://balancer.example.com/", run.Outputs["url"]);
        Assert.StartsWith("arn:aws:", (string)run.Outputs["targetGroupArn"]!, StringComparison.Ordinal);
        Assert.Equal(config.Main.Hash, run.Outputs["contractHash"]);
        var timeline = Assert.IsAssignableFrom<IReadOnlyDictionary<string, string>>(run.Outputs["timeline"]);
        Assert.Equal("20s–35s", timeline["balancerNoticesFailure"]);
    }
}
