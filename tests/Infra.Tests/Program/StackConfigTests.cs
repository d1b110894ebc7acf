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
            [
                "candor:allowedCidrs",
                "candor:balancer",
                "candor:imagee",
                "candor:internal",
                "candor:memoryLimit",
                "candor:minReplicas",
                "candor:vpcId",
            ],
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
    [InlineData("tags", """{"team":1}""", "candor:tags.team")]
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
        var exception = Assert.Throws<StackConfigException>(() => StackConfig.Read(StackInputs.Dev().With(
            ("cachePassword", "before,after"))));

        Assert.Equal("candor:cachePassword", Assert.Single(exception.Problems).Key);
        Assert.DoesNotContain(
            "after", exception.Message.Replace("configuration string", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
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
        var services =
            """[{"name":"billing","image":"a:1","paths":["/a"],"health":{"dependencies":[{"name":"ledger","kind":"postgres"}]}}]""";

        var problem = Assert.Single(Problems(StackInputs.Dev().With(("services", services))));

        Assert.Contains("ledger", problem.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_gke_has_the_idle_timeout_of_google_by_default_and_a_longer_keep_alive()
    {
        var balancer = StackConfig.Read(Google()).Main.Contract.Balancer;

        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(620)), (balancer.IdleTimeout, balancer.KeepAlive));
    }

    [Theory]
    [InlineData("""{"balancer":{"keepAlive":"75s"}}""", "candor:health.balancer.keepAlive", "more than balancer.idleTimeout (10m)")]
    [InlineData("""{"balancer":{"idleTimeout":"60s"}}""", "candor:health.balancer.idleTimeout", "10m with candor:balancer gke")]
    public void Read_gke_names_the_number_that_is_wrong_and_the_balancer_as_written(string health, string key, string expected)
    {
        var problem = Assert.Single(Problems(Google().With(("health", health))));

        Assert.Equal((key, expected), (problem.Key, problem.Expected));
    }

    [Theory]
    [InlineData("gke")]
    [InlineData("nginx")]
    public void Read_of_an_Ingress_without_a_domain_names_the_balancer_as_written(string balancer) =>
        Assert.Equal(
            $"a host name with candor:balancer {balancer}",
            Assert.Single(Problems(StackInputs.Dev().With(("balancer", balancer)))).Expected);

    [Theory]
    [InlineData("env", """{"9LIVES":"x"}""", "candor:env.9LIVES")]
    [InlineData("env", """{"CANDOR_SPEED":"9"}""", "candor:env.CANDOR_SPEED")]
    [InlineData("env", """{"ConnectionStrings__database":"Host=x"}""", "candor:env.ConnectionStrings__database")]
    [InlineData("env", """{"LIMIT":5}""", "candor:env.LIMIT")]
    [InlineData("env", """["A=1"]""", "candor:env")]
    [InlineData("args", """[5]""", "candor:args")]
    [InlineData("ports", """{"http":8090}""", "candor:ports.http")]
    [InlineData("ports", """{"grpc":9090}""", "candor:ports.grpc")]
    [InlineData("ports", """{"grpc":70000}""", "candor:ports.grpc")]
    [InlineData("ports", """{"UPPER":8090}""", "candor:ports.UPPER")]
    [InlineData("volumes", """{"cache":"1Gi"}""", "candor:volumes.cache")]
    [InlineData("volumes", """{"/tmp":"1Gi"}""", "candor:volumes./tmp")]
    [InlineData("volumes", """{"/cache":"much"}""", "candor:volumes./cache")]
    [InlineData("name", "Todo App", "candor:name")]
    public void Read_what_a_container_cannot_be_given_is_refused_by_its_key(string name, string value, string key) =>
        Assert.Equal(key, Assert.Single(Problems(StackInputs.Dev().With((name, value)))).Key);

    [Theory]
    [InlineData("""{"KEY":5}""")]
    [InlineData("""["hunter2"]""")]
    [InlineData("""{"KEY":["hunter2"]}""")]
    [InlineData("hunter2 {")]
    public void Read_a_wrong_secret_is_refused_without_being_shown(string value) =>
        Assert.All(
            Problems(StackInputs.Dev().With(("secretEnv", value))),
            problem => Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal));

    [Fact]
    public void Read_a_database_of_ours_with_too_few_connections_is_refused_with_both_numbers()
    {
        var problem = Assert.Single(Problems(StackInputs.Dev().With(("databaseMaxConnections", "100"))));

        // 2 × 6 replicas and one of a rolling update, 15 connections each.
        Assert.Equal(
            ("100", "at least the connections of all pods of all services (195) + reserved (10)"), (problem.Found, problem.Expected));
    }

    [Fact]
    public void Read_a_waiver_without_a_reason_is_named_by_its_rule()
    {
        var problem = Assert.Single(Problems(StackInputs.Dev().With(("waive", """{"IM001":null,"LB003":"not kept"}"""))));

        Assert.Equal("candor:waive.IM001 is missing: expected a text. Write the text behind the colon.", problem.ToString());
    }

    [Fact]
    public void Read_a_contract_file_is_the_services_contract_and_health_goes_over_it()
    {
        const string File = "tests/Infra.Tests/Program/todo.contract.json";
        var config = StackInputs.Dev().With(("name", "todo"), ("contract", File), ("health", """{"port":8099}"""));

        var contract = StackConfig.Read(config).Main.Contract;

        var written = Candor.Contract.ContractJson.Parse(RepositoryFile.Read(File), File);
        Assert.Equal(written with { Port = 8099 }, contract);
        Assert.NotEqual(new(), written);
    }

    [Theory]
    [InlineData("tests/Infra.Tests/Program/no.contract.json")]
    [InlineData("../outside.json")]
    [InlineData("/etc/hostname")]
    public void Read_a_contract_file_that_is_not_there_or_outside_is_refused(string file) =>
        Assert.Equal("candor:contract", Assert.Single(Problems(StackInputs.Dev().With(("contract", file)))).Key);

    [Fact]
    public void Read_managed_in_a_region_without_known_certificates_asks_for_them()
    {
        var newer = StackInputs.Managed().With(("region", "mx-central-9"));

        Assert.Equal("candor:databaseCertificates", Assert.Single(Problems(newer)).Key);
        StackConfig.Read(newer.With(("databaseCertificates", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")));
    }

    private static Dictionary<string, string> Google() => StackInputs.Dev().With(("balancer", "gke"), ("domain", "orders.example.com"));

    [Fact]
    public void SecretKeys_are_those_marked_secret() =>
        Assert.Equal(
            [
                "candor:cacheConnection", "candor:cachePassword", "candor:databaseConnection", "candor:databasePassword",
                "candor:kubeconfig",
                "candor:managementToken", "candor:queueConnection", "candor:queuePassword",
            ],
            StackConfig.SecretKeys.Order(StringComparer.Ordinal));

    private static IReadOnlyList<ConfigProblem> Problems(Dictionary<string, string> config) =>
        Assert.Throws<StackConfigException>(() => StackConfig.Read(config)).Problems;
}
