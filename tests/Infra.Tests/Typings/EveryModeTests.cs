using Candor.Infra.Tests.Planning;
using Candor.Infra.Tests.Program;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

[Collection(OneProgramAtATime.Name)]
public class EveryModeTests
{
    [TypingsFact]
    public async Task Every_mode_is_what_the_official_packages_and_a_cluster_take()
    {
        // One compilation for all: what a resource is called there says which mode it is from.
        var plans = new List<(string Mode, Plan Plan)>();
        foreach (var (mode, config) in Modes.All)
        {
            var settings = new StackSettings { Project = "candor", Stack = "dev", Config = config, SecretKeys = [] };
            plans.Add((mode, await PlanRecorder.RecordAsync(settings, CancellationToken.None)));
        }

        var together = plans[0].Plan with
        {
            Resources = [
                .. plans.SelectMany(p => p.Plan.Resources.Select(resource => resource with { Name = $"{p.Mode}: {resource.Name}" }))],
        };

        var report = await new TypingsCheck(ProjectFolder.Path).RunAsync(together, CancellationToken.None);

        Assert.True(report.Problems.Count == 0, string.Join(Environment.NewLine, report.Problems));
        Assert.Equal(together.Resources.Count(resource => !resource.IsComponent), report.Resources);
    }
}
