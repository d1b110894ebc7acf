using Candor.Cli;
using Candor.Cli.Parsing;
using Candor.Infra.Tests.Program;
using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Infra.Tests.Lint;

[Collection(PulumiRuns.Name)]
public sealed class LintVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("candor-lint-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Lint_of_the_repository_s_stack_exits_0(string stack) => Assert.Equal(ExitCode.Fine, await RunAsync("lint", stack));

    [Fact]
    public async Task Lint_of_a_broken_plan_file_exits_1_and_writes_what_it_found()
    {
        var plan = Path.Combine(_directory, "plan.json");
        var sarif = Path.Combine(_directory, "lint.sarif");
        await File.WriteAllTextAsync(plan, PlanJson.Serialize(GoodPlan.Create().Set(GoodPlan.Group, "healthCheck.port", "\"9999\"")));
        Assert.Equal(ExitCode.Failure, await RunAsync("lint", plan, "--sarif", sarif));
        Assert.Contains("HC002", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("HC002", await File.ReadAllTextAsync(sarif), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_of_a_file_that_is_no_plan_exits_2_and_reports_it()
    {
        var plan = Path.Combine(_directory, "plan.json");
        await File.WriteAllTextAsync(plan, "{\"resources\":");
        Assert.Equal(ExitCode.Usage, await RunAsync("lint", plan));
        Assert.NotEmpty(_error.ToString());
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, new(RepositoryFile.Root, Console(_out), Console(_error), TimeProvider.System));

    private static IAnsiConsole Console(TextWriter writer) =>
        AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
}
