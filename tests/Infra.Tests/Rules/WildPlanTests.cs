using Candor.Infra.Tests.Program;
using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Rules;

/// <summary>
/// Parts of Plans of public programs that nobody here wrote (Wild/*.json, as <c>pulumi stack export</c> writes them): what was held
/// against them falsely stays away, and what is worth a change is found.
/// </summary>
public sealed class WildPlanTests
{
    /// <summary>File, rule, property, and the severity of the finding; none where it would be false.</summary>
    [Theory]
    [InlineData("websocket", "HC004", "healthCheck.matcher", "Warning")]
    [InlineData("network-balancer", "HC001", "healthCheck.path", null)]
    [InlineData("network-balancer", "HC001", "healthCheck.matcher", null)]
    [InlineData("network-balancer", "HC001", "healthCheck.interval", "Note")]
    [InlineData("network-balancer", "SG003", "", "Error")]
    [InlineData("single-writer", "RO003", "spec.replicas", null)]
    [InlineData("single-writer", "RO003", "spec.template.spec.topologySpreadConstraints", null)]
    [InlineData("single-writer", "RO001", "spec.strategy.type", "Warning")]
    [InlineData("old-versions", "PR006", "", null)]
    [InlineData("old-versions", "PD001", "spec.template.metadata.labels", "Warning echoserver")]
    [InlineData("old-versions", "AV001", "apiVersion", "Error")]
    [InlineData("ingress-policy", "NP001", "spec.ingress", "Error balancer's addresses")]
    [InlineData("probe-cookie", "HC005", "", null)]
    public void Finding_in_a_plan_of_others_is_right(string file, string rule, string property, string? expected)
    {
        var all = Linter.Lint(Read(file)).Findings;
        var found = all.Where(finding => finding.Rule == rule && (property.Length == 0 || finding.Property == property || finding.Fields.Contains(property))).ToList();
        var shown = string.Join(Environment.NewLine, found.Select(finding => $"{finding.Severity} {finding.Resource} {finding.Summary}"));
        if (expected is null)
        {
            Assert.True(found.Count == 0, shown);
            return;
        }

        var parts = expected.Split(' ', 2);
        Assert.True(found.Count > 0, "nothing was found");
        Assert.All(found, finding =>
        {
            Assert.Equal(parts[0], finding.Severity.ToString());
            Assert.Contains(parts.ElementAtOrDefault(1) ?? string.Empty, $"{finding.Resource} {finding.Summary}", StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("network-balancer")]
    [InlineData("single-writer")]
    [InlineData("old-versions")]
    [InlineData("ingress-policy")]
    [InlineData("probe-cookie")]
    public void Summary_of_a_plan_of_others_counts_what_was_judged(string file)
    {
        var result = Linter.Lint(Read(file));
        Assert.InRange(result.Judged, 1, result.Resources);
        Assert.DoesNotContain("Every rule holds", LintReport.Summary(result), StringComparison.OrdinalIgnoreCase);
    }

    private static Plan Read(string file) =>
        PlanReader.Read(File.ReadAllBytes(Path.Combine(RepositoryFile.Root, "tests/Infra.Tests/Rules/Wild", file + ".json")), file + ".json");
}
