using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Program;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class ModeLintTests
{
    [Theory]
    [MemberData(nameof(Modes.Names), MemberType = typeof(Modes))]
    public async Task Lint_of_every_mode_finds_nothing(string mode)
    {
        var values = Modes.All[mode];
        var settings = new StackSettings { Project = "candor", Stack = "dev", Config = values, SecretKeys = [] };

        var plan = await ProgramRun.RecordAsync(settings, options => new CandorStack(options), CancellationToken.None)
            with
        { Contract = StackConfig.Read(values).Main.Contract };

        var result = Linter.Lint(plan);
        Assert.Equal([], result.Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
    }
}
