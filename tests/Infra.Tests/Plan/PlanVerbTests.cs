using System.Diagnostics;
using System.Text.Json;
using Candor.Cli;
using Candor.Cli.Parsing;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Infra.Tests.Planning;

/// <summary>The verbs preview and diff as a user calls them.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class PlanVerbTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-verb-");

    [Fact]
    public async Task Preview_shows_health_timeline_outputs_and_resources()
    {
        Assert.Equal(0, await RunAsync("preview", "dev"));
        var text = _out.ToString();
        Assert.All(
            ["Health settings", "20s–35s", "contractHash", "TargetGroup  orders", "Drain: termination starts at 0"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Preview_as_JSON_on_standard_output_is_JSON_and_nothing_else()
    {
        Assert.Equal(0, await RunAsync("preview", "dev", "--json", "-"));
        using var plan = JsonDocument.Parse(_out.ToString());
        Assert.Equal("candor", plan.RootElement.GetProperty("project").GetString());
    }

    [Fact]
    public async Task Preview_as_picture_is_an_SVG_file()
    {
        var path = Path("timeline.svg");
        Assert.Equal(0, await RunAsync("preview", "dev", "--svg", path));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_with_a_base_shows_the_difference_first()
    {
        await File.WriteAllTextAsync(Path("base.json"), PlanJson.Serialize(Samples.Web()));
        Assert.Equal(0, await RunAsync("preview", "dev", "--base", Path("base.json")));
        var text = _out.ToString();
        Assert.InRange(
            text.IndexOf("What it means", StringComparison.Ordinal), 1, text.IndexOf("Health settings", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("There is no stack \"deev\"", "preview", "deev")]
    [InlineData("Only one answer can go to standard output", "preview", "dev", "--json", "-", "--markdown", "-")]
    [InlineData("cannot be written", "preview", "dev", "--json", "/nowhere/at/all.json")]
    [InlineData("neither a file nor a git revision", "diff", "no-such-revision", ".")]
    [InlineData("neither a file nor a git revision", "diff", "-x", ".")]
    [InlineData("Did you mean '--json'", "preview", "--jsn", "-")]
    public async Task Mistake_is_reported_in_a_sentence_and_exits_2(string sentence, params string[] words)
    {
        Assert.Equal(2, await RunAsync(words));
        Assert.Contains(sentence, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_of_a_plan_with_itself_exits_0()
    {
        var path = await WriteAsync("a.json", Samples.Web());
        Assert.Equal(0, await RunAsync("diff", path, path, "--exit-code"));
        Assert.Contains("Nothing changes", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_exits_1_on_a_change_only_when_asked_to()
    {
        var before = await WriteAsync("a.json", Samples.Web());
        var after = await WriteAsync("b.json", Samples.Web().With(ResourceTypes.TargetGroup, inputs => inputs["deregistrationDelay"] = 5));
        Assert.Equal(0, await RunAsync("diff", before, after));
        Assert.Equal(1, await RunAsync("diff", before, after, "--exit-code"));
        Assert.Contains("deregistrationDelay", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_of_a_revision_with_the_same_program_builds_nothing_and_keeps_its_plan()
    {
        using var project = new TemporaryProject();
        foreach (var words in new[] { "init -q", "add -A", "-c user.name=t -c user.email=t@example.com commit -qm base" })
        {
            using var git = Process.Start(new ProcessStartInfo("git", words) { WorkingDirectory = project.Path })!;
            await git.WaitForExitAsync();
            Assert.Equal(0, git.ExitCode);
        }

        project.Append("dev", "  candor:memoryLimit: 640Mi\n");

        Assert.Equal(0, await RunInAsync(project.Path, "diff", "HEAD", "."));
        Assert.Contains("512Mi", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("640Mi", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Building", _error.ToString(), StringComparison.Ordinal);

        // The plan that was kept is the one that is used.
        var kept = Assert.Single(Directory.GetFiles(System.IO.Path.Combine(project.Path, ".candor", "plans")));
        Assert.EndsWith("-dev.json", kept, StringComparison.Ordinal);
        await File.WriteAllTextAsync(kept, (await File.ReadAllTextAsync(kept)).Replace("512Mi", "500Mi", StringComparison.Ordinal));
        Assert.Equal(0, await RunInAsync(project.Path, "diff", "HEAD", "."));
        Assert.Contains("500Mi", _out.ToString(), StringComparison.Ordinal);

        // One that cannot be read is recorded again.
        await File.WriteAllTextAsync(kept, "{");
        Assert.Equal(0, await RunInAsync(project.Path, "diff", "HEAD", "."));
        Assert.Contains("512Mi", await File.ReadAllTextAsync(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_compares_the_contract_files_of_both_revisions()
    {
        using var project = new TemporaryProject();
        project.Append("dev", "  candor:name: todo\n  candor:contract: todo.json\n");
        project.Write("todo.json", """{"port":8085}""");
        foreach (var words in new[] { "init -q", "add -A", "-c user.name=t -c user.email=t@example.com commit -qm base" })
        {
            using var git = Process.Start(new ProcessStartInfo("git", words) { WorkingDirectory = project.Path })!;
            await git.WaitForExitAsync();
        }

        project.Write("todo.json", """{"port":8086}""");

        Assert.Equal(0, await RunInAsync(project.Path, "diff", "HEAD", "."));
        Assert.Contains("probed at :8085", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("now at :8086", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_of_a_file_that_is_no_plan_exits_2()
    {
        await File.WriteAllTextAsync(Path("a.json"), "{\"resources\":");
        Assert.Equal(2, await RunAsync("diff", Path("a.json"), Path("a.json")));
        Assert.Contains("not JSON at line 1", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_is_not_steered_by_names_of_a_plan()
    {
        var path = await WriteAsync("a.json", Samples.Web() with { Project = "evil\u001b[2J[red]x[/]" });
        Assert.Equal(0, await RunAsync("preview", path));
        Assert.DoesNotContain('\u001b', _out.ToString());
        Assert.Contains("[red]x[/]", _out.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private async Task<string> WriteAsync(string name, Plan plan)
    {
        await File.WriteAllTextAsync(Path(name), PlanJson.Serialize(plan));
        return Path(name);
    }

    private Task<int> RunAsync(params string[] words) => RunInAsync(ProjectFolder.Path, words);

    private Task<int> RunInAsync(string project, params string[] words) =>
        CommandLine.RunAsync(words, new CliContext(project, Console(_out), Console(_error), TimeProvider.System));

    private static IAnsiConsole Console(StringWriter writer)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = 200;
        return console;
    }
}
