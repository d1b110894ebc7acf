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
            run.Resources.Where(resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal) || resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal)),
            resource => Assert.True(run.OptionsOf(resource).Provider is not null, $"{resource.Type} {resource.Name} has an ambient provider."));
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
        var provider = (await StackRun.Of(StackInputs.Dev().With(("kubeconfig", "apiVersion: v1"), ("kubeContext", "kind")))).One(Kubernetes);

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

    [Fact]
    public async Task Aws_tags_everything_with_stack_and_environment()
    {
        var provider = (await StackRun.Of(StackInputs.Prod().With(("tags", """{"team":"shop"}""")), "prod")).One("pulumi:providers:aws");

        // A provider takes what is not text as JSON.
        using var defaults = System.Text.Json.JsonDocument.Parse(provider.Text("defaultTags")!);
        var tags = defaults.RootElement.GetProperty("tags").EnumerateObject().Select(tag => $"{tag.Name}={tag.Value.GetString()}");
        Assert.Equal(["candor:environment=prod", "candor:project=candor", "candor:stack=prod", "team=shop"], tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Namespace_holds_pods_to_the_restricted_standard()
    {
        var labels = (IReadOnlyDictionary<string, object>)(await StackRun.Of(StackInputs.Dev())).One("kubernetes:core/v1:Namespace").At("metadata.labels")!;

        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
        Assert.Equal("enabled", labels["elbv2.k8s.aws/pod-readiness-gate-inject"]);
    }
}
