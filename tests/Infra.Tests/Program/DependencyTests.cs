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
            .SelectMany(resource => resource.Leaves().Select(leaf => (resource.Type, resource.Name, leaf.Path, Text: leaf.Value.ToString()!)))
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
        Assert.All(["automaticFailoverEnabled", "transitEncryptionEnabled", "atRestEncryptionEnabled", "multiAzEnabled"], field => Assert.Equal(true, cache.At(field)));
        Assert.Equal(("CLUSTER_MULTI_AZ", "RabbitMQ"), (queue.Text("deploymentMode"), queue.Text("engineType")));
        Assert.All([database, cache, queue], part => Assert.True(run.OptionsOf(part).Protect));
        Assert.Equal(["dependencies-id"], database.List("vpcSecurityGroupIds"));
    }

    [Fact]
    public async Task Managed_connections_speak_TLS()
    {
        var secret = (await StackRun.Of(StackInputs.Managed())).One("kubernetes:core/v1:Secret", "orders");

        Assert.Contains("Host=database.rds.example.com;", secret.Text("stringData.ConnectionStrings__database"), StringComparison.Ordinal);
        Assert.Contains("SSL Mode=Require", secret.Text("stringData.ConnectionStrings__database"), StringComparison.Ordinal);
        Assert.EndsWith(",ssl=true", secret.Text("stringData.ConnectionStrings__cache"), StringComparison.Ordinal);
        Assert.Equal("amqps://orders:queue-secret@queue.mq.example.com:5671/", secret.Text("stringData.ConnectionStrings__queue"));
    }

    [Fact]
    public async Task External_connections_are_taken_as_they_are()
    {
        var run = await StackRun.Of(StackInputs.Prod());

        Assert.Equal("Host=db.example.com;Password=external-secret", run.One("kubernetes:core/v1:Secret").Text("stringData.ConnectionStrings__database"));
        Assert.Empty(run.OfType(StatefulSet));
    }

    [Fact]
    public async Task Password_with_separators_stays_one_value()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("databasePassword", "a;b=c'd\"e"), ("queuePassword", "p@ss/word")));

        var secret = run.One("kubernetes:core/v1:Secret", "orders");
        var read = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = secret.Text("stringData.ConnectionStrings__database") };
        Assert.Equal("a;b=c'd\"e", read["Password"]);
        Assert.Equal("orders:p%40ss%2Fword", new Uri(secret.Text("stringData.ConnectionStrings__queue")!).UserInfo);
    }
}
