using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

[Collection(OneProgramAtATime.Name)]
public sealed class PlanDiffTests
{
    [Fact]
    public void Plan_compared_with_itself_is_no_change()
    {
        var diff = PlanDiff.Of(Samples.Web(), Samples.Web());
        Assert.True(diff.IsEmpty);
        Assert.Contains("Nothing changes", MarkdownReport.Write(DiffReport.Of(diff)), StringComparison.Ordinal);
    }

    [Fact]
    public void Faster_probes_are_reported_as_detection_time_first()
    {
        var contract = OrdersContract.Default;
        var faster = contract with
        {
            Balancer = contract.Balancer with
            {
                Interval = TimeSpan.FromSeconds(5),
                Timeout = TimeSpan.FromSeconds(3),
                UnhealthyThreshold = 3,
            },
        };
        var text = MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(Samples.Web(contract), Samples.Web(faster))));

        var meaning = text.IndexOf("api: balancer stops sending to a failed target: 20s–35s becomes 10s–18s", StringComparison.Ordinal);
        var field = text.IndexOf("`healthCheck.interval` | `10` | `5` |", StringComparison.Ordinal);
        Assert.True(meaning > 0 && field > meaning, text);
    }

    [Fact]
    public void Change_of_the_contract_is_shown_by_what_it_says_and_not_as_one_text()
    {
        var contract = OrdersContract.Default;
        var diff = PlanDiff.Of(Samples.Web(contract), Samples.Web(contract with { Freshness = TimeSpan.FromSeconds(2) }));
        var field = Assert.Single(Assert.Single(diff.Changed).Fields);
        Assert.Equal("data.CANDOR_CONTRACT.freshness", field.Path);
        Assert.Equal(("1s", "2s"), (field.Before.Text, field.After.Text));
    }

    [Fact]
    public void Shorter_drain_is_reported()
    {
        var contract = OrdersContract.Default;
        var diff = PlanDiff.Of(
            Samples.Web(contract), Samples.Web(contract with { Drain = contract.Drain with { Hold = TimeSpan.FromSeconds(20) } }));
        Assert.Contains(
            "its last request has ended after SIGTERM: 20s–50s becomes 20s–35s",
            MarkdownReport.Write(DiffReport.Of(diff)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Opened_port_is_reported_with_both_ends()
    {
        var before = Samples.Web().With(Samples.Resource(ResourceTypes.SecurityGroup, "pods", "{}") with { Id = "sg-pods" });
        var after = before.With(Samples.Resource(
            ResourceTypes.SecurityGroupIngressRule, "ssh",
            """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":22,"toPort":22,"cidrIpv4":"0.0.0.0/0"}"""));
        Assert.Contains(
            "❌ opened: tcp 22 from everybody (0.0.0.0/0) to security group pods",
            MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(before, after))),
            StringComparison.Ordinal);
        Assert.Contains("closed: tcp 22", MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(after, before))), StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_written_in_another_way_opens_nothing()
    {
        var group = Samples.Resource(
            ResourceTypes.SecurityGroup,
            "pods",
            """{"ingress":[{"protocol":"tcp","fromPort":22,"toPort":22,"cidrBlocks":["10.0.0.0/8"]}]}""") with
        { Id = "sg-pods" };
        var bare = group with { Inputs = PlanValue.EmptyObject };
        var rule = Samples.Resource(
            ResourceTypes.SecurityGroupIngressRule,
            "ssh",
            """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":22,"toPort":22,"cidrIpv4":"10.0.0.0/8"}""");
        var text = MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(Samples.Web().With(group), Samples.Web().With(bare).With(rule))));
        Assert.DoesNotContain("opened:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("closed:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResourceTypes.TargetGroup, "port", true)]
    [InlineData(ResourceTypes.TargetGroup, "deregistrationDelay", false)]
    [InlineData(ResourceTypes.Deployment, "spec.selector.matchLabels.app", true)]
    [InlineData(ResourceTypes.Deployment, "spec.replicas", false)]
    [InlineData(ResourceTypes.StatefulSet, "spec.volumeClaimTemplates[data].spec", true)]
    [InlineData(ResourceTypes.Service, "metadata.name", true)]
    [InlineData(ResourceTypes.Service, "metadata.nameless", false)]
    [InlineData("aws:rds/instance:Instance", "identifier", true)]
    public void Field_that_forces_replacement_is_known(string type, string path, bool forces) =>
        Assert.Equal(forces, ReplacementFields.Forces(type, path));

    [Fact]
    public void Replaced_target_group_is_marked_and_its_cost_reported()
    {
        var diff = PlanDiff.Of(Samples.Web(), Samples.Web().With(ResourceTypes.TargetGroup, inputs => inputs["port"] = 9000));
        Assert.True(Assert.Single(diff.Changed).Replaced);
        var text = MarkdownReport.Write(DiffReport.Of(diff));
        Assert.Contains("0 added, 0 changed, 1 replaced, 0 removed", text, StringComparison.Ordinal);
        Assert.Contains("no target is healthy in it until the probes have passed", text, StringComparison.Ordinal);
        Assert.Contains("port (forces replacement)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_are_compared_by_name_and_not_by_place()
    {
        var sidecar = """{"name":"sidecar","image":"example.com/sidecar:1"}""";
        var last = Samples.Web().With(ResourceTypes.Deployment, inputs => ContainersOf(inputs).Add(JsonNode.Parse(sidecar)));
        var first = Samples.Web().With(ResourceTypes.Deployment, inputs => ContainersOf(inputs).Insert(0, JsonNode.Parse(sidecar)));
        Assert.True(PlanDiff.Of(last, first).Changed.All(change => change.Fields.Count == 0));
        var field = Assert.Single(Assert.Single(PlanDiff.Of(Samples.Web(), first).Changed).Fields);
        Assert.Equal("spec.template.spec.containers[sidecar]", field.Path);
    }

    [Theory]
    [InlineData(
        ResourceTypes.StatefulSet,
        """{"replicas":1}""",
        "db: its only pod restarts, and the service is unavailable until it is ready again")]
    [InlineData(ResourceTypes.StatefulSet, "{}", "db: its only pod restarts, and the service is unavailable until it is ready again")]
    [InlineData(ResourceTypes.StatefulSet, """{"replicas":3}""", "db: its pods restart one after the other")]
    [InlineData(ResourceTypes.StatefulSet, """{"replicas":1,"updateStrategy":{"type":"OnDelete"}}""", null)]
    [InlineData(ResourceTypes.Deployment, """{"replicas":1}""", "db: every pod is replaced by a rolling update")]
    [InlineData(
        ResourceTypes.Deployment,
        """{"replicas":2,"strategy":{"type":"Recreate"}}""",
        "db: every pod ends before the first new one starts")]
    public void Changed_pod_template_reports_what_restarts_for_it(string type, string spec, string? told)
    {
        var text = MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(Db(10, 1), Db(5, 1))));
        Assert.Equal(told is not null, text.Contains("db: ", StringComparison.Ordinal));
        Assert.Contains(told ?? string.Empty, text, StringComparison.Ordinal);

        // What is no part of the pods restarts none.
        Assert.DoesNotContain("db: ", MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(Db(10, 1), Db(10, 2)))), StringComparison.Ordinal);

        Plan Db(int period, int history)
        {
            var inputs = JsonNode.Parse(spec)!;
            inputs["revisionHistoryLimit"] = history;
            inputs["template"] = JsonNode.Parse(
                $$$"""{"spec":{"containers":[{"name":"db","readinessProbe":{"periodSeconds":{{{period}}}}}]}}""");
            return Samples.Web().With(Samples.Resource(type, "db", $$$"""{"metadata":{"name":"db"},"spec":{{{inputs.ToJsonString()}}}}"""));
        }
    }

    [Fact]
    public void Lost_protection_lost_probe_and_new_image_are_reported()
    {
        var before = Samples.Web();
        before = before with { Resources = [.. before.Resources.Select(resource => resource with { Protect = true })] };
        var after = Samples.Web().With(ResourceTypes.Deployment, inputs =>
        {
            ContainersOf(inputs)[0]!["image"] = "example.com/api:2";
            ContainersOf(inputs)[0]!.AsObject().Remove("livenessProbe");
        });
        var text = MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(before, after)));
        Assert.Contains("aws TargetGroup api is no longer protected", text, StringComparison.Ordinal);
        Assert.Contains("api: loses its livenessProbe", text, StringComparison.Ordinal);
        Assert.Contains("api: runs example.com/api:2, was example.com/api:1", text, StringComparison.Ordinal);
        Assert.Contains("| `[protect]` | `true` | `false` |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_that_changes_is_called_by_its_alert()
    {
        static PlanResource Rule(string expression) => Samples.Resource(
            ResourceTypes.PrometheusRule,
            "api",
            """{"spec":{"groups":[{"name":"g","rules":[{"alert":"First","expr":"up"},{"alert":"Second","expr":"X"}]}]}}"""
                .Replace("X", expression, StringComparison.Ordinal));

        var diff = PlanDiff.Of(Samples.Web().With(Rule("a")), Samples.Web().With(Rule("b")));

        Assert.Equal("spec.groups[g].rules[Second].expr", Assert.Single(Assert.Single(diff.Changed).Fields).Path);
    }

    [Fact]
    public void What_is_worst_for_users_comes_first_and_fields_are_folded()
    {
        var faster = OrdersContract.Default with { Freshness = TimeSpan.FromSeconds(2) };
        var before = Samples.Web();
        before = before with { Resources = [.. before.Resources.Select(resource => resource with { Protect = true })] };
        var after = Samples.Web(faster)
            .With(ResourceTypes.Deployment, inputs => ContainersOf(inputs)[0]!.AsObject().Remove("livenessProbe"));

        var text = MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(before, after)));

        var signs = text.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => line.Contains('❌') ? 2 : line.Contains('⚠') ? 1 : 0).ToList();
        Assert.Equal(signs.OrderDescending(), signs);
        Assert.Equal(2, signs[0]);
        Assert.Contains("<details><summary>Other changes (", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_from_one_number_of_the_contract_is_folded_under_it()
    {
        var before = StackFiles.Read(ProjectFolder.Path, "dev", []);
        var after = before with
        {
            Config = new Dictionary<string, string>(before.Config)
            {
                ["candor:health"] = """{"balancer":{"interval":"15s"}}""",
                ["candor:memoryLimit"] = "640Mi",
            },
        };
        var diff = PlanDiff.Of(
            await PlanRecorder.RecordAsync(before, CancellationToken.None), await PlanRecorder.RecordAsync(after, CancellationToken.None));

        var text = MarkdownReport.Write(DiffReport.Of(diff));

        const string Number = "<details><summary><code>balancer.interval</code> <code>10s</code> becomes <code>15s</code> (";
        var number = text.IndexOf(Number, StringComparison.Ordinal);
        var end = text.IndexOf("</details>", number + 1, StringComparison.Ordinal);
        Assert.True(number > 0, text);
        Assert.Contains("| aws TargetGroup orders `healthCheck.interval` | `10` | `15` |", text[number..end], StringComparison.Ordinal);
        var folded = text[number..end].Replace("`<wbr>`", string.Empty, StringComparison.Ordinal);
        Assert.Contains("contract-hash", folded, StringComparison.Ordinal);
        // What another decision changed stands on its own, and everything stands somewhere.
        Assert.DoesNotContain("640Mi", text[..end], StringComparison.Ordinal);
        var rest = text[end..];
        Assert.Contains("640Mi", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("healthCheck", rest, StringComparison.Ordinal);
        Assert.Equal(
            diff.Changed.Sum(change => change.Fields.Count) + diff.Outputs.Count,
            text.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`')));
    }

    [Fact]
    public void Number_that_another_field_happens_to_share_is_not_its_cause()
    {
        var contract = OrdersContract.Default;
        var diff = PlanDiff.Of(
            Samples.Web(contract).With(ResourceTypes.Deployment, inputs => inputs["spec"]!["replicas"] = 2),
            Samples.Web(contract with { Balancer = contract.Balancer with { HealthyThreshold = 3 } })
                .With(ResourceTypes.Deployment, inputs => inputs["spec"]!["replicas"] = 3));

        var text = MarkdownReport.Write(DiffReport.Of(diff));

        var other = text.IndexOf("Other changes", StringComparison.Ordinal);
        Assert.InRange(text.IndexOf("`spec.replicas`", StringComparison.Ordinal), other, text.Length);
    }

    private static JsonArray ContainersOf(JsonNode inputs) => inputs["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
}
