using System.Collections.Immutable;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Utilities;

namespace Candor.Infra.Tests.PulumiOffline;

public class MockOutputsTests
{
    [Fact]
    public async Task Outputs_are_filled_from_the_state_by_wire_name()
    {
        var mocks = new RecordingMocks
        {
            State = args => args.Inputs
                .Add("arn", "arn:orders")
                .Add("healthCheck", ImmutableDictionary<string, object>.Empty.Add("interval", 10).Add("path", "/health"))
                .Add("loadBalancerArns", ImmutableArray.Create<object>("one", "two"))
                .Add("tagsAll", ImmutableDictionary<string, object>.Empty.Add("team", "shop")),
        };
        var resources = await mocks.RunAsync(() => _ = new TargetGroup("orders", new TargetGroupArgs { Port = 8080 }));

        var group = Assert.Single(resources.OfType<TargetGroup>());
        Assert.Equal("orders-id", await OutputUtilities.GetValueAsync(group.Id));
        Assert.Equal("arn:orders", await OutputUtilities.GetValueAsync(group.Arn));
        Assert.Equal(8080, await OutputUtilities.GetValueAsync(group.Port));
        Assert.Equal(["one", "two"], (await OutputUtilities.GetValueAsync(group.LoadBalancerArns)).ToArray());
        Assert.Equal("shop", (await OutputUtilities.GetValueAsync(group.TagsAll))["team"]);
        var check = await OutputUtilities.GetValueAsync(group.HealthCheck);
        Assert.Equal((10, "/health", null), (check.Interval, check.Path, check.Matcher));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outputs_without_an_answer_are_unknown_in_a_preview_only(bool isPreview)
    {
        var resources = await new RecordingMocks().RunAsync(() => _ = new TargetGroup("orders"), isPreview);

        var arn = resources.OfType<TargetGroup>().Single().Arn;
        Assert.Equal(!isPreview, await OutputUtilities.GetIsKnownAsync(arn));
        Assert.Null(await OutputUtilities.GetValueAsync(arn));
    }

    [Fact]
    public async Task Lookups_send_their_arguments_and_give_typed_results()
    {
        var mocks = new RecordingMocks
        {
            Call = _ => ImmutableDictionary<string, object>.Empty
                .Add("id", "vpc-1").Add("cidrBlock", "10.0.0.0/16").Add("default", true),
        };
        var found = "";
        await mocks.RunAsync(() => Pulumi.Aws.Ec2.GetVpc.Invoke(new() { Tags = { ["name"] = Output.Create("main") } })
            .Apply(vpc => found = $"{vpc.Id} {vpc.CidrBlock} {vpc.Default}"));

        Assert.Equal("vpc-1 10.0.0.0/16 True", found);
        var call = Assert.Single(mocks.Calls);
        Assert.Equal("aws:ec2/getVpc:getVpc", call.Token);
        Assert.Equal("main", Assert.IsType<ImmutableDictionary<string, object>>(call.Args["tags"])["name"]);
    }

    [Fact]
    public async Task A_lookup_with_an_unknown_argument_is_not_made()
    {
        var mocks = new RecordingMocks();
        await mocks.RunAsync(
            () => Pulumi.Aws.Ec2.GetVpc.Invoke(new() { Id = OutputUtilities.CreateUnknown("later") }),
            isPreview: true);

        Assert.Empty(mocks.Calls);
    }

    [Fact]
    public async Task A_stack_reference_gives_the_outputs_that_the_mock_answers_and_keeps_secrets_secret()
    {
        var mocks = new RecordingMocks
        {
            State = args => args.Inputs
                .Add("outputs", ImmutableDictionary<string, object>.Empty.Add("vpcId", "vpc-1").Add("password", "hunter2"))
                .Add("secretOutputNames", ImmutableArray.Create<object>("password")),
        };
        var (vpc, vpcIsSecret, passwordIsSecret) = ("", true, false);
        await mocks.RunAsync(() =>
        {
            var network = new StackReference("acme/network/prod");
            var password = network.RequireOutput("password");
            network.RequireOutput("vpcId").Apply(async v =>
            {
                vpc = (string)v;
                vpcIsSecret = await Output.IsSecretAsync(network.RequireOutput("vpcId"));
                passwordIsSecret = await Output.IsSecretAsync(password);
            });
        });

        Assert.Equal(("vpc-1", false, true), (vpc, vpcIsSecret, passwordIsSecret));
        Assert.Equal("acme/network/prod", mocks["acme/network/prod"].Id);
    }

    [Fact]
    public async Task Outputs_combine_format_and_serialize()
    {
        var (text, json, all) = ("", "", 0);
        await new RecordingMocks().RunAsync(() =>
        {
            var port = Output.Create(8080);
            Output.Format($"http://{Output.Create("orders")}:{port}").Apply(t => text = t);
            Output.JsonSerialize(Output.Create(new Dictionary<string, object> { ["port"] = port })).Apply(t => json = t);
            Output.All(port, Output.Create(1)).Apply(v => all = v.Sum());
        });

        Assert.Equal(("http://orders:8080", "{\"port\":8080}", 8081), (text, json, all));
    }
}
