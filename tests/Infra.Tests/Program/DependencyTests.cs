namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class DependencyTests
{
    private const string StatefulSet = "kubernetes:apps/v1:StatefulSet";

    [Theory]
    [InlineData("database", 5432, "exec", "exec")]
    [InlineData("cache", 6379, "exec", "tcpSocket")]
    [InlineData("queue", 5672, "tcpSocket", "tcpSocket")]
    public async Task InCluster_part_has_a_service_probes_a_volume_and_no_rights(string name, int port, string readiness, string liveness)
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var set = run.One(StatefulSet, name);
        var container = "spec.template.spec.containers[0]";
        Assert.Equal(port, set.Number($"{container}.ports[0].containerPort"));
        Assert.NotNull(set.At($"{container}.readinessProbe.{readiness}"));
        Assert.NotNull(set.At($"{container}.livenessProbe.{liveness}"));
        Assert.NotNull(set.At($"{container}.startupProbe"));
        Assert.Equal(true, set.At($"{container}.securityContext.readOnlyRootFilesystem"));
        Assert.Equal(false, set.At("spec.template.spec.automountServiceAccountToken"));
        Assert.Equal("data", set.Text("spec.volumeClaimTemplates[0].metadata.name"));
        Assert.Equal(name, set.Text("spec.serviceName"));
        Assert.Equal(port, run.One("kubernetes:core/v1:Service", name).Number("spec.ports[0].port"));
    }

    [Fact]
    public async Task InCluster_passwords_stand_only_in_secrets()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var leaks = run.Resources
            .Where(resource => resource.Type != "kubernetes:core/v1:Secret")
            .SelectMany(resource => resource.Leaves().Select(leaf => (
                resource.Type, resource.Name, leaf.Path, Text: leaf.Value.ToString()!)))
            .Where(leaf => leaf.Text.Contains("-secret", StringComparison.Ordinal));
        Assert.Empty(leaks);
    }

    [Fact]
    public async Task InCluster_dependency_is_reached_by_the_services_that_name_it()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("services", Modes.Services)));

        var names = run.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "cache").List("spec.ingress[0].from")
            .Select(peer => ((IReadOnlyDictionary<string, object>)Declared.Walk(peer, "podSelector.matchLabels")!).Values.Single());
        Assert.Equal(["orders"], names);
    }

    [Fact]
    public async Task Managed_parts_are_encrypted_redundant_and_protected()
    {
        var run = await StackRun.Of(StackInputs.Managed());

        var database = run.One("aws:rds/instance:Instance");
        var cache = run.One("aws:elasticache/replicationGroup:ReplicationGroup");
        var queue = run.One("aws:mq/broker:Broker");
        Assert.All(["multiAz", "storageEncrypted", "deletionProtection"], field => Assert.Equal(true, database.At(field)));
        Assert.Equal(false, database.At("publiclyAccessible"));
        Assert.Equal(false, database.At("skipFinalSnapshot"));
        Assert.All(
            ["automaticFailoverEnabled", "transitEncryptionEnabled", "atRestEncryptionEnabled", "multiAzEnabled"],
            field => Assert.Equal(true, cache.At(field)));
        Assert.Equal(("CLUSTER_MULTI_AZ", "RabbitMQ"), (queue.Text("deploymentMode"), queue.Text("engineType")));
        Assert.All([database, cache, queue], part => Assert.True(run.OptionsOf(part).Protect));
        Assert.Equal(["dependencies-id"], database.List("vpcSecurityGroupIds"));
    }

    [Fact]
    public async Task Managed_connections_speak_TLS()
    {
        var secret = (await StackRun.Of(StackInputs.Managed())).One("kubernetes:core/v1:Secret", "orders");

        Assert.Contains("Host=database.rds.example.com;", secret.Text("stringData.ConnectionStrings__database"), StringComparison.Ordinal);
        Assert.Contains(
            "SSL Mode=VerifyFull;Root Certificate=/etc/candor/certificates/database.pem",
            secret.Text("stringData.ConnectionStrings__database"),
            StringComparison.Ordinal);
        Assert.EndsWith(",ssl=true", secret.Text("stringData.ConnectionStrings__cache"), StringComparison.Ordinal);
        Assert.Equal("amqps://orders:queue-secret@queue.mq.example.com:5671/", secret.Text("stringData.ConnectionStrings__queue"));
    }

    [Fact]
    public async Task External_connections_are_taken_as_they_are_but_for_the_size_of_the_pool()
    {
        var run = await StackRun.Of(StackInputs.Prod());

        Assert.Equal(
            "Host=db.example.com;Password=external-secret;Maximum Pool Size=15",
            run.One("kubernetes:core/v1:Secret").Text("stringData.ConnectionStrings__database"));
        Assert.Empty(run.OfType(StatefulSet));
    }

    [Fact]
    public async Task Database_allows_what_the_pools_of_all_pods_may_open()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("services", Modes.Services)));

        // (2 × 6 + 1) pods of orders and of billing, 15 connections each, and 10 reserved, in steps of 50.
        Assert.Equal(
            ["postgres", "-p", "5432", "-c", "max_connections=400"],
            run.One(StatefulSet, "database").List("spec.template.spec.containers[0].args"));
        Assert.Contains(
            "Maximum Pool Size=15",
            run.One("kubernetes:core/v1:Secret", "billing").Text("stringData.ConnectionStrings__database"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pool_and_server_follow_the_contracts_connections()
    {
        var health = """{"dependencies":[{"name":"database","kind":"postgres","connections":40}]}""";

        var run = await StackRun.Of(StackInputs.Managed().With(("databaseMaxConnections", "0"), ("health", health)));

        Assert.Contains(
            "Maximum Pool Size=40;",
            run.One("kubernetes:core/v1:Secret", "orders").Text("stringData.ConnectionStrings__database") + ";",
            StringComparison.Ordinal);
        var parameters = run.One("aws:rds/parameterGroup:ParameterGroup");
        Assert.Equal(
            ("max_connections", "550", "pending-reboot"),
            (parameters.Text("parameters[0].name"), parameters.Text("parameters[0].value"), parameters.Text("parameters[0].applyMethod")));
        Assert.Equal("postgres17", parameters.Text("family"));
        Assert.NotNull(run.One("aws:rds/instance:Instance").Text("parameterGroupName"));
    }

    [Theory]
    [InlineData("Host=db;Max Pool Size=7", "Host=db;Max Pool Size=7")]
    [InlineData("Host=db;maximum pool size=7;", "Host=db;maximum pool size=7;")]
    [InlineData("Host=db;", "Host=db;Maximum Pool Size=15")]
    [InlineData("Host='a;Max Pool Size=7'", "Host='a;Max Pool Size=7';Maximum Pool Size=15")]
    public async Task External_connection_keeps_the_pool_size_that_it_says(string given, string expected)
    {
        var run = await StackRun.Of(StackInputs.Prod().With(("databaseConnection", given)));

        Assert.Equal(expected, run.One("kubernetes:core/v1:Secret").Text("stringData.ConnectionStrings__database"));
    }

    [Fact]
    public async Task Managed_database_is_known_by_the_regions_certificates()
    {
        var run = await StackRun.Of(StackInputs.Managed());

        var certificates = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        certificates.ImportFromPem(run.One("kubernetes:core/v1:ConfigMap", "orders").Text("data.database/pem"));
        Assert.Equal(3, certificates.Count);
        Assert.All(certificates, one => Assert.Contains("Amazon RDS eu-west-1 Root CA", one.Subject, StringComparison.Ordinal));
        Assert.All(certificates, one => Assert.Equal(one.Subject, one.Issuer));
        var pod = run.One("kubernetes:apps/v1:Deployment");
        Assert.Equal("/etc/candor/certificates", pod.Text("spec.template.spec.containers[0].volumeMounts[1].mountPath"));
        Assert.Equal("database.pem", pod.Text("spec.template.spec.volumes[1].configMap.items[0].key"));
    }

    [Fact]
    public async Task Redis_has_its_password_in_a_file_that_only_it_reads()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("cachePassword", "a\"b\\c")));

        var set = run.One(StatefulSet, "cache");
        Assert.Equal(
            ["redis-server", "/etc/redis/password.conf", "--port", "6379", "--appendonly", "yes"],
            set.List("spec.template.spec.containers[0].args"));
        Assert.Equal("requirepass \"a\\\"b\\\\c\"\n", run.One("kubernetes:core/v1:Secret", "cache").Text("stringData.password/conf"));
        Assert.Equal(288, set.Number("spec.template.spec.volumes[1].secret.defaultMode"));
    }

    [Fact]
    public async Task RabbitMq_keeps_the_configuration_of_its_image()
    {
        var set = (await StackRun.Of(StackInputs.Dev())).One(StatefulSet, "queue");

        Assert.DoesNotContain(set.Leaves(), leaf => $"{leaf.Value}".StartsWith("/etc/rabbitmq", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Change_of_the_services_contract_changes_nothing_of_a_dependency()
    {
        var plain = await StackRun.Of(StackInputs.Dev());
        var other = await StackRun.Of(StackInputs.Dev().With(("health", """
            {"readiness":{"period":"20s"},"liveness":{"period":"30s"},"startup":{"failureThreshold":30},"drain":{"terminationGrace":"90s"}}
            """)));

        foreach (var name in new[] { "database", "cache", "queue" })
        {
            Assert.Equal(
                plain.One(StatefulSet, name).Leaves().Select(leaf => $"{leaf.Path} = {leaf.Value}"),
                other.One(StatefulSet, name).Leaves().Select(leaf => $"{leaf.Path} = {leaf.Value}"));
        }
    }

    [Fact]
    public async Task Password_with_separators_stays_one_value()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("databasePassword", "a;b=c'd\"e"), ("queuePassword", "p@ss/word")));

        var secret = run.One("kubernetes:core/v1:Secret", "orders");
        var read = new System.Data.Common.DbConnectionStringBuilder
        {
            ConnectionString = secret.Text("stringData.ConnectionStrings__database"),
        };
        Assert.Equal("a;b=c'd\"e", read["Password"]);
        Assert.Equal("orders:p%40ss%2Fword", new Uri(secret.Text("stringData.ConnectionStrings__queue")!).UserInfo);
    }
}
