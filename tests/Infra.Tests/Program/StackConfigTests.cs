using Candor.Contract;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

public class StackConfigTests
{
    [Fact]
    public void Read_several_mistakes_lists_them_all_with_key_value_and_fix()
    {
        var config = StackInputs.Dev().With(
            ("balancer", "elb"),
            ("minReplicas", "1"),
            ("internal", "maybe"),
            ("allowedCidrs", """["10.0.0.0/33"]"""),
            ("imagee", "x"),
            ("memoryLimit", "lots")).Without("vpcId");

        var problems = Problems(config);

        Assert.Equal(
            ["candor:allowedCidrs", "candor:balancer", "candor:imagee", "candor:internal", "candor:memoryLimit", "candor:minReplicas", "candor:vpcId"],
            problems.Select(problem => problem.Key));
        Assert.All(problems, problem => Assert.NotEmpty(problem.Fix));
        Assert.Equal("candor:balancer is \"elb\": expected alb | gke | nginx. Write alb.", problems[1].ToString());
        Assert.Contains("2–1000", problems[5].Expected, StringComparison.Ordinal);
        Assert.Null(problems[6].Found);
    }

    [Fact]
    public void Read_unknown_key_names_the_nearest()
    {
        var problem = Assert.Single(Problems(StackInputs.Dev().With(("alowedCidrs", "[]"))));

        Assert.Equal("candor:alowedCidrs", problem.Key);
        Assert.Contains("candor:allowedCidrs", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_keys_of_other_namespaces_are_left_alone()
    {
        var config = StackInputs.Dev();
        config["aws:region"] = "eu-west-1";

        Assert.NotNull(StackConfig.Read(config));
    }

    [Theory]
    [InlineData("image", "orders", "candor:image")]
    [InlineData("image", "orders@sha256:123", "candor:image")]
    [InlineData("namespace", "Orders", "candor:namespace")]
    [InlineData("cpuRequest", "0", "candor:cpuRequest")]
    [InlineData("memoryRequest", "1 GB", "candor:memoryRequest")]
    [InlineData("maxReplicas", "2.5", "candor:maxReplicas")]
    [InlineData("slowStart", "12", "candor:slowStart")]
    [InlineData("tlsPolicy", "ELBSecurityPolicy-2016-08", "candor:tlsPolicy")]
    [InlineData("certificateArn", "certificate/1", "candor:certificateArn")]
    [InlineData("availabilityTarget", "100", "candor:availabilityTarget")]
    [InlineData("runbookUrl", "ftp://example.com", "candor:runbookUrl")]
    [InlineData("balancerSubnetIds", "subnet-1", "candor:balancerSubnetIds")]
    [InlineData("balancerSubnetIds", """["subnet-1"]""", "candor:balancerSubnetIds")]
    [InlineData("allowedCidrs", "[]", "candor:allowedCidrs")]
    [InlineData("nodeCidrs", "[]", "candor:nodeCidrs")]
    [InlineData("zone", "example.com", "candor:domain")]
    [InlineData("services", "{}", "candor:services")]
    [InlineData("services", "[1]", "candor:services[0]")]
    [InlineData("services", """[{"name":"orders","image":"a:1","paths":["/a"]}]""", "candor:services")]
    [InlineData("services", """[{"name":"billing","image":"a:1"}]""", "candor:services[0].paths")]
    [InlineData("services", """[{"name":"Billing!","image":"a:1","paths":["/a"]}]""", "candor:services[0].name")]
    [InlineData("services", """[{"name":"billing","image":"a:1","paths":["/a"],"pahts":[]}]""", "candor:services[0].pahts")]
    [InlineData("services", """[{"name":"billing","image":"a:1","paths":["/a"],"minReplicas":"2"}]""", "candor:services[0].minReplicas")]
    [InlineData("services", """[{"name":"billing","image":"a:1","paths":["/a"],"health":{"port":0}}]""", "candor:services[0].health.port")]
    [InlineData("services", """[{"name":"database","image":"a:1","paths":["/a"]}]""", "candor:services[0].name")]
    [InlineData("waive", """{"LB001":""}""", "candor:waive.LB001")]
    [InlineData("tags", """{"team":1}""", "candor:tags")]
    [InlineData("tags", """{"candor:stack":"x"}""", "candor:tags.candor:stack")]
    [InlineData("anomalyMitigation", "true", "candor:anomalyMitigation")]
    public void Read_wrong_value_names_the_key(string key, string value, string expected) =>
        Assert.Contains(expected, Problems(StackInputs.Dev().With((key, value))).Select(problem => problem.Key));

    [Fact]
    public void Read_missing_image_says_how_to_set_it()
    {
        var problem = Assert.Single(Problems(StackInputs.Dev().Without("image")));

        Assert.Equal("candor:image", problem.Key);
        Assert.Contains("pulumi config set candor:image", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_tag_in_a_stack_marked_prod_is_refused()
    {
        var problem = Assert.Single(Problems(StackInputs.Prod().With(("image", "ghcr.io/example/orders:1.0"))));

        Assert.Equal("candor:image", problem.Key);
        Assert.Contains("digest", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_missing_secret_names_its_key_and_never_a_value()
    {
        var config = StackInputs.Dev().Without("cachePassword");

        var exception = Assert.Throws<StackConfigException>(() => StackConfig.Read(config));

        Assert.Contains("candor:cachePassword", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--secret", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("database-secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_comma_in_the_cache_s_password_is_refused_without_showing_it()
    {
        var exception = Assert.Throws<StackConfigException>(() => StackConfig.Read(StackInputs.Dev().With(("cachePassword", "before,after"))));

        Assert.Equal("candor:cachePassword", Assert.Single(exception.Problems).Key);
        Assert.DoesNotContain("after", exception.Message.Replace("configuration string", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Config_as_text_shows_no_secret()
    {
        var config = StackConfig.Read(StackInputs.Dev().With(("kubeconfig", "kubeconfig-secret")));

        var text = $"{config} {config.Dependencies.Secrets[DependencyKind.Postgres]}";

        Assert.Contains("Kubeconfig = [secret]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("kubeconfig-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("database-secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_invalid_contract_lists_every_violation_under_its_key()
    {
        var problems = Problems(StackInputs.Dev().With(("health", """{"balancer":{"timeout":"20s"},"drain":{"hold":"1s"}}""")));

        Assert.Contains(problems, problem => problem.Key == "candor:health.balancer.timeout");
        Assert.Contains(problems, problem => problem.Key.StartsWith("candor:health.drain", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_override_merges_into_the_contract_of_orders()
    {
        var contract = StackConfig.Read(StackInputs.Dev().With(("health", """{"balancer":{"interval":"7s"}}"""))).Main.Contract;

        Assert.Equal(TimeSpan.FromSeconds(7), contract.Balancer.Interval);
        Assert.Equal(OrdersContract.Default.Dependencies, contract.Dependencies);
    }

    [Fact]
    public void Read_managed_dependencies_give_the_queue_its_port_over_TLS()
    {
        var contract = StackConfig.Read(StackInputs.Managed()).Main.Contract;

        Assert.Equal(5671, contract.Dependencies.Single(dependency => dependency.Kind == DependencyKind.RabbitMq).DialledPort());
    }

    [Fact]
    public void Read_http_dependency_without_an_address_is_refused()
    {
        var health = """{"dependencies":[{"name":"database","kind":"postgres"},{"name":"prices","kind":"http"}]}""";

        var problems = Problems(StackInputs.Dev().With(("health", health), ("dependencyCidrs", """["10.9.0.0/16"]""")));

        Assert.Equal("candor:endpoints.prices", Assert.Single(problems).Key);
    }

    [Fact]
    public void Read_two_databases_are_refused()
    {
        var services = """[{"name":"billing","image":"a:1","paths":["/a"],"health":{"dependencies":[{"name":"ledger","kind":"postgres"}]}}]""";

        var problem = Assert.Single(Problems(StackInputs.Dev().With(("services", services))));

        Assert.Contains("ledger", problem.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_gke_demands_the_idle_timeout_of_google()
    {
        var problem = Assert.Single(Problems(StackInputs.Dev().With(("balancer", "gke"), ("domain", "orders.example.com"))));

        Assert.Equal("candor:health.balancer.idleTimeout", problem.Key);
        Assert.Contains("10m", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretKeys_are_those_marked_secret() =>
        Assert.Equal(
            ["candor:cacheConnection", "candor:cachePassword", "candor:databaseConnection", "candor:databasePassword", "candor:kubeconfig", "candor:queueConnection", "candor:queuePassword"],
            StackConfig.SecretKeys.Order(StringComparer.Ordinal));

    private static IReadOnlyList<ConfigProblem> Problems(Dictionary<string, string> config) =>
        Assert.Throws<StackConfigException>(() => StackConfig.Read(config)).Problems;
}
