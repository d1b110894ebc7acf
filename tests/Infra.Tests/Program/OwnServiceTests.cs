using System.Globalization;

namespace Candor.Infra.Tests.Program;

/// <summary>A service of one's own as the main service: its name, its settings, and nothing of the reference service.</summary>
[Collection(PulumiRuns.Name)]
public class OwnServiceTests
{
    private const string DeploymentType = "kubernetes:apps/v1:Deployment";
    private const string Container = "spec.template.spec.containers[0]";

    private static Dictionary<string, string> Todo() => StackInputs.Dev().With(
        ("name", "todo-api"),
        ("image", "ghcr.io/acme/todo-api:1.0.0"),
        ("namespace", ""),
        ("health", """{"dependencies":[{"name":"database","kind":"postgres"},{"name":"queue","kind":"rabbitMq","importance":"soft"}]}"""));

    [Theory]
    [InlineData("inCluster")]
    [InlineData("managed")]
    public async Task Nothing_is_called_orders_unless_it_is(string dependencies)
    {
        var config = Todo().With(
            ("dependencies", dependencies),
            ("dependencyCidrs", """["10.20.64.0/22"]"""),
            ("privateSubnetIds", """["subnet-11","subnet-12"]"""));

        var run = await StackRun.Of(config);

        Assert.DoesNotContain(run.Resources, resource => resource.Name.Contains("orders", StringComparison.OrdinalIgnoreCase));
        var leaves = run.Resources.SelectMany(resource => resource.Leaves().Select(leaf => $"{resource.Type} {leaf.Path} = {leaf.Value}"));
        Assert.DoesNotContain(leaves, leaf => leaf.Contains("orders", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("todo-api", run.One("kubernetes:core/v1:Namespace").Text("metadata.name"));
        var connection = run.One("kubernetes:core/v1:Secret", "todo-api").Text("stringData.ConnectionStrings__database");
        Assert.Contains("Database=todo_api;Username=todo_api;", connection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_main_service_reach_its_container()
    {
        var run = await StackRun.Of(Todo().With(
            ("env", """{"OTEL_EXPORTER_OTLP_ENDPOINT":"http://otel:4317","FEATURE_X":"true"}"""),
            ("secretEnv", """{"Jwt__Key":"hunter2"}"""),
            ("args", """["--mode","web"]"""),
            ("ports", """{"grpc":8090}"""),
            ("volumes", """{"/var/cache/todo":"256Mi"}""")));

        var deployment = run.One(DeploymentType);
        Assert.Equal("http://otel:4317", deployment.Text($"{Variable(deployment, "OTEL_EXPORTER_OTLP_ENDPOINT")}.value"));
        Assert.Equal("todo-api", deployment.Text($"{Variable(deployment, "Jwt__Key")}.valueFrom.secretKeyRef.name"));
        Assert.Equal("hunter2", run.One("kubernetes:core/v1:Secret", "todo-api").Text("stringData.Jwt__Key"));
        Assert.Equal(["--mode", "web"], deployment.List($"{Container}.args"));
        Assert.Equal(
            ("grpc", 8090), (deployment.Text($"{Container}.ports[2].name"), deployment.Number($"{Container}.ports[2].containerPort")));
        Assert.Equal("/var/cache/todo", deployment.Text($"{Container}.volumeMounts[1].mountPath"));
        Assert.Equal("256Mi", deployment.Text("spec.template.spec.volumes[1].emptyDir.sizeLimit"));
        Assert.Equal(8090, run.One("kubernetes:core/v1:Service", "todo-api-internal").Number("spec.ports[0].port"));
        Assert.Equal(8090, run.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "todo-api").Number("spec.ingress[3].ports[0].port"));
        Assert.Single(run.One("kubernetes:core/v1:Service", "todo-api").List("spec.ports"));
    }

    [Fact]
    public async Task Secrets_of_a_service_stand_only_in_its_secret()
    {
        var run = await StackRun.Of(Todo().With(("secretEnv", """{"Jwt__Key":"hunter2"}"""), ("managementToken", "hunter2-token")));

        Assert.DoesNotContain(
            run.Resources.Where(resource => resource.Type != "kubernetes:core/v1:Secret").SelectMany(resource => resource.Leaves()),
            leaf => $"{leaf.Value}".Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal("hunter2-token", run.One("kubernetes:core/v1:Secret", "todo-api").Text("stringData.CANDOR_MANAGEMENT_TOKEN"));
    }

    [Fact]
    public async Task Settings_of_a_further_service_are_its_own()
    {
        var services = """
            [{"name":"billing","image":"ghcr.io/example/billing:1","paths":["/billing/*"],"env":{"A":"1"},"secretEnv":{"B":"hunter2"},"args":["x"],
              "ports":{"grpc":8090},"volumes":{"/data":"1Gi"},"cpuRequest":"1"}]
            """;

        var run = await StackRun.Of(StackInputs.Dev().With(("services", services), ("env", """{"MAIN":"1"}""")));

        var billing = run.One(DeploymentType, "billing");
        Assert.Equal("1", billing.Text($"{Variable(billing, "A")}.value"));
        Assert.Equal("hunter2", run.One("kubernetes:core/v1:Secret", "billing").Text("stringData.B"));
        Assert.Equal("1", billing.Text($"{Container}.resources.requests.cpu"));
        Assert.Throws<InvalidOperationException>(() => Variable(billing, "MAIN"));
        Assert.Throws<InvalidOperationException>(() => Variable(run.One(DeploymentType, "orders"), "A"));
    }

    private static string Variable(Declared deployment, string name)
    {
        var index = deployment.List($"{Container}.env")
            .Select((_, i) => i)
            .First(i => deployment.Text($"{Container}.env[{i}].name") == name);
        return string.Create(CultureInfo.InvariantCulture, $"{Container}.env[{index}]");
    }
}
