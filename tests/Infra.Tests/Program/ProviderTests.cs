using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Pulumi;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class ProviderTests
{
    private const string Kubernetes = "pulumi:providers:kubernetes";

    [Theory]
    [MemberData(nameof(Modes.Names), MemberType = typeof(Modes))]
    public async Task Every_resource_names_its_provider(string mode)
    {
        var run = await StackRun.Of(Modes.All[mode]);

        Assert.All(
            run.Resources.Where(resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal) || resource.Type.StartsWith(
                "kubernetes:", StringComparison.Ordinal)),
            resource =>
                Assert.True(run.OptionsOf(resource).Provider is not null, $"{resource.Type} {resource.Name} has an ambient provider."));
    }

    [Fact]
    public async Task Eks_kubeconfig_asks_for_a_token_and_stores_none()
    {
        var run = await StackRun.Of(Modes.All["alb, EKS and prefix lists"]);

        var kubeconfig = run.One(Kubernetes).Text("kubeconfig")!;
        Assert.Contains("\"get-token\",\"--cluster-name\",\"prod\"", kubeconfig, StringComparison.Ordinal);
        Assert.Contains("https://cluster.example.com", kubeconfig, StringComparison.Ordinal);
        Assert.DoesNotContain("\"token\"", kubeconfig, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubeconfig_and_context_of_the_config_are_used()
    {
        var provider = (
            await StackRun.Of(StackInputs.Dev().With(("kubeconfig", "apiVersion: v1"), ("kubeContext", "kind")))).One(Kubernetes);

        Assert.Equal(("apiVersion: v1", "kind"), (provider.Text("kubeconfig"), provider.Text("context")));
    }

    [Fact]
    public async Task Network_stack_gives_the_ids()
    {
        var run = await StackRun.Of(Modes.All["alb, network stack"]);

        Assert.Equal("vpc-shared", run.One("aws:lb/targetGroup:TargetGroup").Text("vpcId"));
        Assert.Equal(["subnet-a", "subnet-b"], run.One("aws:lb/loadBalancer:LoadBalancer").List("subnets"));
        Assert.Contains("--cluster-name\",\"shared", run.One(Kubernetes).Text("kubeconfig"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{}""", "output vpcId: found nothing, expected a text", "output balancerSubnetIds: found nothing, expected a list of texts")]
    [InlineData(
        """{"vpcId":7,"balancerSubnetIds":"subnet-a","privateSubnetIds":["subnet-c"],"clusterName":"shared"}""",
        "output vpcId: found a number, expected a text",
        "output balancerSubnetIds: found a text, expected a list of texts")]
    [InlineData(
        """{"vpcId":"vpc","balancerSubnetIds":["subnet-a",true],"privateSubnetIds":[],"clusterName":""}""",
        "output balancerSubnetIds: found a list with a truth value in it, expected a list of texts",
        "output clusterName: found an empty text, expected a text")]
    public async Task Network_stack_without_what_is_taken_from_it_is_one_message(string outputs, params string[] expected)
    {
        var error = await Assert.ThrowsAsync<RunException>(() => StackRun.Of(Modes.All["alb, network stack"], create: args =>
        {
            var (id, state) = Cloud.Create(args);
            return args.Type == "pulumi:pulumi:StackReference"
                ? (id, ((ImmutableDictionary<string, object>)state).SetItem("outputs", Plain(JsonNode.Parse(outputs))))
                : (id, state);
        }));

        Assert.StartsWith(
            $"The network stack {Modes.All["alb, network stack"]["candor:networkStack"]} does not give",
            error.Message,
            StringComparison.Ordinal);
        Assert.All(expected, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_that_the_lookup_is_idle_of_is_one_message()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => StackRun.Of(
            Modes.All["alb, EKS and prefix lists"],
            call: args => args.Token == "aws:eks/getCluster:getCluster" ? ImmutableDictionary<string, object>.Empty : Cloud.Call(args)));

        Assert.Contains("EKS cluster", error.Message, StringComparison.Ordinal);
        Assert.Contains("its endpoint, its certificate authority, its security group", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("NullReference", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }

    private static object Plain(JsonNode? node) => node switch
    {
        JsonObject members => members.ToImmutableDictionary(member => member.Key, member => Plain(member.Value)),
        JsonArray items => items.Select(Plain).ToImmutableArray(),
        JsonValue value when value.TryGetValue(out bool truth) => truth,
        JsonValue value when value.TryGetValue(out double number) => number,
        _ => node!.GetValue<string>(),
    };

    [Fact]
    public async Task Aws_tags_everything_with_stack_and_environment()
    {
        var provider = (await StackRun.Of(StackInputs.Prod().With(("tags", """{"team":"shop"}""")), "prod")).One("pulumi:providers:aws");

        // A provider takes what is not text as JSON.
        using var defaults = System.Text.Json.JsonDocument.Parse(provider.Text("defaultTags")!);
        var tags = defaults.RootElement.GetProperty("tags").EnumerateObject().Select(tag => $"{tag.Name}={tag.Value.GetString()}");
        Assert.Equal(
            ["candor:environment=prod", "candor:project=candor", "candor:stack=prod", "team=shop"], tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Namespace_denies_what_no_policy_admits()
    {
        var policy = (await StackRun.Of(StackInputs.Dev())).One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "default-deny");

        Assert.Equal(["Ingress", "Egress"], policy.List("spec.policyTypes"));
        Assert.Equal(
            ["spec.policyTypes[0]", "spec.policyTypes[1]"],
            policy.Leaves().Select(leaf => leaf.Path).Where(path => path.StartsWith("spec", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Namespace_holds_pods_to_the_restricted_standard()
    {
        var labels = (IReadOnlyDictionary<string, object>)(await StackRun.Of(StackInputs.Dev()))
            .One("kubernetes:core/v1:Namespace")
            .At("metadata.labels")!;

        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
        Assert.Equal("enabled", labels["elbv2.k8s.aws/pod-readiness-gate-inject"]);
    }
}
