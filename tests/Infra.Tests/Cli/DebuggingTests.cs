using System.Net;
using Candor.Cli.Local;
using Candor.Cli.Verbs;
using Candor.Infra.Tests.Planning;
using Candor.Local;
using Candor.Planning;

namespace Candor.Infra.Tests.Cli;

/// <summary>What a debugger needs: the variables of a pod, symbols beside its assemblies, and nobody who restarts what it holds.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class DebuggingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-debug-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Variables_are_the_service_s_own_bound_to_loopback_and_without_the_mark_of_the_run()
    {
        const string Environ = "PATH=/bin\0HOME=/x\0CANDOR_RUN=abc\0CANDOR_BIND=127.93.1.4\0"
            + "ConnectionStrings__database=Host=a;Password=b'c\0CANDOR_SPEED=1\0odd.name=x\0";

        var variables = EnvVerb.Variables(Environ);

        Assert.Equal(["CANDOR_BIND", "CANDOR_SPEED", "ConnectionStrings__database"], variables.Keys);
        Assert.Equal(("127.0.0.1", "Host=a;Password=b'c"), (variables["CANDOR_BIND"], variables["ConnectionStrings__database"]));
    }

    [Fact]
    public async Task Plan_for_a_debugger_has_no_liveness_and_is_else_the_same()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);

        var diff = PlanDiff.Of(plan, Debugging.WithoutLiveness(plan));

        var change = Assert.Single(diff.Changed);
        Assert.Equal(ResourceTypes.Deployment, change.After.Type);
        Assert.All(change.Fields, field => Assert.Matches("livenessProbe|Candor__Watchdog", field.Path));
        Assert.Equal(2, change.Fields.Count);
    }

    [Fact]
    public async Task Symbols_are_in_the_image_and_make_no_other_one()
    {
        var build = Build("symbols of one build");
        var digest = DotnetImage.DigestOf(build);
        var image = Path.Combine(_folder.FullName, "images", digest);

        await new DotnetImage(Path.Combine(build, "Todo.dll"), image).PrepareAsync(
            new()
            {
                PodName = "todo-1",
                RunId = "run",
                Address = IPAddress.Loopback,
                Container = new() { Name = "todo", Image = "todo:1" },
                Environment = new Dictionary<string, string>(),
                DataDirectory = Path.Combine(_folder.FullName, "data"),
                Speed = 1,
            },
            CancellationToken.None);

        Assert.Equal("symbols of one build", await File.ReadAllTextAsync(Path.Combine(image, "Todo.pdb")));
        Assert.Equal(digest, DotnetImage.DigestOf(Build("symbols of another")));
        await File.WriteAllTextAsync(Path.Combine(build, "Todo.dll"), "other code");
        Assert.NotEqual(digest, DotnetImage.DigestOf(build));
    }

    private string Build(string symbols)
    {
        var build = _folder.CreateSubdirectory("build").FullName;
        File.WriteAllText(Path.Combine(build, "Todo.dll"), "code");
        File.WriteAllText(Path.Combine(build, "Todo.pdb"), symbols);
        return build;
    }
}
