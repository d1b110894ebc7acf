using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class ModeLintTests
{
    [Theory]
    [MemberData(nameof(Modes.Names), MemberType = typeof(Modes))]
    public async Task Lint_of_every_mode_finds_nothing(string mode)
    {
        var settings = new StackSettings { Project = "candor", Stack = "dev", Config = Modes.All[mode], SecretKeys = [] };

        var plan = await PlanRecorder.RecordAsync(settings, CancellationToken.None);

        var result = Linter.Lint(plan);
        Assert.Equal([], result.Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
    }
}
