using System.Text.Json.Nodes;
using Candor.Planning;
using Candor.Planning.Lint;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Rules;

/// <summary>What is not known until deployment is never held against a Plan, and nothing in a Plan makes lint fail.</summary>
public sealed class UnknownValueTests
{
    private static readonly string[] Hostile =
    [
        "null", "\"\"", "[]", "{}", "true", "-1", "1e308", "99999999999999999999", "0.5", "\"[unknown]\"", "\"[secret]\"", "\"traffic-port\"", "[[[]]]", "{\"\":{}}",
        "\"%\"", "\"9999999999%\"", "\"0.0.0.0/99\"", "\"${}\"", "[null,1,\"a\",{}]", "\"\\u0000\"", "\"sleep 99999999999999999999\"", "{\"matchLabels\":[]}", "\"{\\\"port\\\":0}\"",
    ];

    [Fact]
    public void Unknown_leaf_of_the_good_plan_gives_no_finding()
    {
        var plan = GoodPlan.Create();
        var wrong = new List<string>();
        foreach (var resource in plan.Resources)
        {
            foreach (var path in Leaves(resource.Inputs.ToNode()!, string.Empty))
            {
                // Where a resource lives and what it is called is told by the program, never by the cloud.
                if (path is "metadata.name" or "metadata.namespace")
                {
                    continue;
                }

                var findings = Linter.Lint(plan.Set(resource.Urn, path, "\"[unknown]\"")).Findings;
                wrong.AddRange(findings.Select(finding => $"{resource.Urn} {path}: {finding.Rule} {finding.Resource} {finding.Summary}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Hostile_values_anywhere_never_make_lint_fail()
    {
        var plan = GoodPlan.Create();
        Prop.ForAll(ArbMap.Default.GeneratorFor<int>().Select(seed => new System.Random(seed)).ToArbitrary(), random =>
        {
            var changed = plan;
            for (var i = 0; i < 1 + random.Next(5); i++)
            {
                var resource = changed.Resources[random.Next(changed.Resources.Count)];
                var inputs = resource.Inputs.ToNode();
                var nodes = inputs is null ? [] : Nodes(inputs, string.Empty).ToList();
                if (nodes.Count > 0)
                {
                    changed = changed.Set(resource.Urn, nodes[random.Next(nodes.Count)], Hostile[random.Next(Hostile.Length)]);
                }
            }

            _ = LintSarif.Write(Linter.Lint(changed), "plan.json");
            _ = LintJson.Write(Linter.Lint(changed));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Empty_plan_has_no_finding() =>
        Assert.Empty(Linter.Lint(new Plan { Project = "p", Stack = "s", Resources = [], Outputs = PlanValue.EmptyObject }).Findings);

    [Fact]
    public void Plan_of_resources_with_nothing_in_them_is_linted()
    {
        var plan = GoodPlan.Create();
        Assert.NotNull(Linter.Lint(plan with { Resources = [.. plan.Resources.Select(resource => resource with { Inputs = PlanValue.Missing })] }));
        Assert.NotNull(Linter.Lint(plan with { Resources = [.. plan.Resources.Select(resource => resource with { Inputs = PlanValue.Parse("\"[unknown]\"") })] }));
    }

    private static IEnumerable<string> Leaves(JsonNode node, string path) => Nodes(node, path, leavesOnly: true);

    private static IEnumerable<string> Nodes(JsonNode node, string path, bool leavesOnly = false) => node switch
    {
        JsonObject map => map.ToList().SelectMany(pair => Below(pair.Value, pair.Key.Any(c => !char.IsAsciiLetterOrDigit(c)) ? $"{path}[\"{pair.Key}\"]" : path.Length == 0 ? pair.Key : $"{path}.{pair.Key}", leavesOnly)),
        JsonArray array => array.ToList().SelectMany((item, i) => Below(item, $"{path}[{i}]", leavesOnly)),
        _ => [],
    };

    private static IEnumerable<string> Below(JsonNode? node, string path, bool leavesOnly) =>
        node is JsonObject or JsonArray ? (leavesOnly ? [] : new[] { path }).Concat(Nodes(node, path, leavesOnly)) : [path];
}
