using System.Text.Json.Nodes;
using Candor.Local;
using Candor.Planning;

namespace Candor.Infra.Tests.Local;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Plan_is_read_with_every_duration_of_the_service_divided_by_the_speed()
    {
        var manifest = Read(new SamplePlan(), speed: 5);

        var orders = manifest.Workloads.Single(w => w.Name == "orders");
        Assert.Equal((2, TimeSpan.FromSeconds(12)), (orders.Replicas, orders.Template.TerminationGrace));
        Assert.Equal(TimeSpan.FromSeconds(2), orders.Template.Container.Readiness!.Period);
        Assert.Equal(new ProbeAction.Http(8080, "/health", []).Port, ((ProbeAction.Http)orders.Template.Container.Readiness.Action).Port);
        var group = manifest.TargetGroups.Single();
        Assert.Equal(
            (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6)),
            (group.Interval, group.Timeout, group.DeregistrationDelay));
        Assert.Equal(("/health", "200", 2, 3), (group.CheckPath, group.Matcher, group.HealthyThreshold, group.UnhealthyThreshold));
        Assert.Equal(TimeSpan.FromSeconds(1), orders.Propagation);
        Assert.Equal(group.Name, manifest.Bindings.Single().TargetGroup);
        Assert.Equal(group.Name, manifest.Listeners.Single().TargetGroup);
    }

    [Fact]
    public void Dependency_that_is_no_program_of_ones_own_keeps_its_real_time_to_start()
    {
        var plan = new SamplePlan();
        var one = Read(plan, speed: 1).Workloads.Single(w => w.Name == "database").Template;
        var five = Read(plan, speed: 5).Workloads.Single(w => w.Name == "database").Template;

        Assert.Equal(one.TerminationGrace, five.TerminationGrace);
    }

    [Fact]
    public void Environment_takes_values_from_secrets_and_config_maps_and_expands_references()
    {
        var orders = Read(new SamplePlan { WithCache = true }, speed: 1);

        var cache = orders.Workloads.Single(w => w.Name == "cache").Template.Container;
        Assert.Equal(["redis-server", "--requirepass", "[secret:candor:cachePassword]"], cache.Args);
        var contract = orders.Workloads.Single(w => w.Name == "orders").Template.Container.Environment.Single(
            e => e.Name == "CANDOR_CONTRACT");
        Assert.StartsWith("{", contract.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once_with_what_there_is_instead()
    {
        var plan = new SamplePlan().Build();
        plan = Change(plan, ResourceTypes.Deployment, inputs =>
        {
            var container = inputs["spec"]!["template"]!["spec"]!["containers"]![0]!;
            container["readinessProbe"]!["httpGet"]!["port"] = "web";
            container["env"]![2]!["valueFrom"]!["secretKeyRef"]!["key"] = "databaze";
        });
        plan = Change(plan, ResourceTypes.TargetGroupBinding, inputs => inputs["spec"]!["targetGroupARN"] = "arn:of:nothing");

        var error = Assert.Throws<LocalException>(() => ManifestReader.Read(plan, 1, _ => null));

        Assert.Contains("'databaze'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'database'", error.Message, StringComparison.Ordinal);
        Assert.Contains("port is \"web\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("arn:of:nothing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Template_hash_changes_with_a_secret_and_with_the_images_content_and_with_nothing_else()
    {
        var plan = new SamplePlan();
        string Hash(SamplePlan from, string digest) =>
            ManifestReader.Read(from.Build(), 1, _ => digest).Workloads.Single(w => w.Name == "orders").Template.Hash;

        Assert.Equal(Hash(plan, "a"), Hash(new SamplePlan { Replicas = 7 }, "a"));
        Assert.NotEqual(Hash(plan, "a"), Hash(plan, "b"));
        Assert.NotEqual(Hash(plan, "a"), Hash(new SamplePlan { WithCache = true }, "a"));
    }

    private static Manifest Read(SamplePlan plan, double speed) =>
        ManifestReader.Read(plan.Build(), speed, image => image.Contains("orders", StringComparison.Ordinal) ? "digest" : null);

    internal static Plan Change(Plan plan, string type, Action<JsonNode> change) => plan with
    {
        Resources = [.. plan.Resources.Select(resource =>
        {
            if (resource.Type != type)
            {
                return resource;
            }

            var inputs = resource.Inputs.ToNode()!;
            change(inputs);
            return resource with { Inputs = PlanValue.From(inputs) };
        })],
    };
}
