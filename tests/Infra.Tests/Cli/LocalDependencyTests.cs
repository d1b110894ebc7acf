using Candor.Cli;
using Candor.Cli.Local;
using Candor.Infra.Tests.Planning;
using Candor.Local;
using Candor.Planning;

namespace Candor.Infra.Tests.Cli;

/// <summary>A dependency of another kind on this machine: a command, or only where it is.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class LocalDependencyTests : IDisposable
{
    private readonly TemporaryProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task Command_runs_as_a_pod_that_the_service_is_told_of_and_may_reach()
    {
        var plan = await PlanAsync(
            "{ shop-db: { command: \"mysqld --port={port} --datadir={data}\", connection: \"Server={host};Port={port}\" } }");

        var manifest = Manifest.Of(plan);
        var pod = Assert.Single(manifest.Workloads, workload => workload.Name == "shop-db");
        Assert.Equal("candor.local/shop-db:local", pod.Template.Container.Image);
        Assert.Contains(manifest.Services, service => service.Name == "shop-db" && service.Ports.Single().Port == 3306);
        Assert.Equal("Server=shop-db.todo.svc;Port=3306", Secret(plan));
        var todo = manifest.Workloads.Single(workload => workload.Name == "todo");
        Assert.True(new Reachability(plan).Between(todo, pod, 3306).IsOpen);
    }

    [Fact]
    public async Task Dependency_that_runs_already_is_only_told_of()
    {
        var plan = await PlanAsync("{ shop-db: { connection: \"Server={host};Port={port}\" } }");

        Assert.DoesNotContain(Manifest.Of(plan).Workloads, workload => workload.Name == "shop-db");
        Assert.Equal("Server=127.0.0.1;Port=3306", Secret(plan));
    }

    [Fact]
    public async Task Name_that_no_contract_dials_is_refused_with_those_that_there_are()
    {
        var error = await Assert.ThrowsAsync<UsageException>(() => PlanAsync("{ shopdb: { connection: x } }"));

        Assert.Contains(
            "'shopdb', which no contract of the stack dials. Its dependencies: shop-db.", error.Message, StringComparison.Ordinal);
    }

    private async Task<Plan> PlanAsync(string local)
    {
        _project.Append("dev", $$"""
              candor:name: todo
              candor:health: { dependencies: [{ name: shop-db, kind: mysql, port: 3306 }] }
              candor:dependencyCidrs: [10.20.64.0/22]
              candor:local: {{local}}

            """);
        var plan = await PlanRecorder.RecordAsync(_project.Path, "dev", CancellationToken.None);
        return LocalDependencies.AddTo(plan, StackPrograms.Of(_project.Path, "dev"));
    }

    private static string? Secret(Plan plan) =>
        plan.Index.OfType(ResourceTypes.Secret).Single(secret => secret.KubernetesName == "todo")
            .Inputs["stringData"]["ConnectionStrings__shop-db"].Text;

    private static class Manifest
    {
        internal static Candor.Local.Manifest Of(Plan plan) => ManifestReader.Read(plan, 1, _ => null);
    }
}
