using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Candor.Doctor.Tests.Cloud;
using Candor.Doctor.Tests.Cluster;
using Candor.EndToEnd.Tests.Stack;
using YamlDotNet.RepresentationModel;

namespace Candor.Doctor.Tests.Output;

/// <summary>The rights of docs/doctor.md are the ones that are used: none is missing, none too much, and none changes anything.</summary>
public sealed partial class RightsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "doctor.md"));

    [Fact]
    public async Task Iam_policy_permits_exactly_what_is_asked()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        await StackDoctor.AskAsync(new() { Subject = "x", Namespace = "x", AsksCluster = false, TargetGroupArn = AwsWorld.Arn, AwsProgram = await world.StandInAsync() }, TimeProvider.System, CancellationToken.None);
        var asked = (await world.CallsAsync()).Select(Action).Distinct().Order(StringComparer.Ordinal);
        var policy = JsonNode.Parse(Block("json"))!;
        var permitted = policy["Statement"]!.AsArray().SelectMany(statement => statement!["Action"]!.AsArray()).Select(action => action!.GetValue<string>()).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(asked, permitted);
        Assert.All(permitted, action => Assert.Matches("^[a-z0-9]+:(Describe|Get)[A-Za-z]+$", action));
    }

    [Fact]
    public async Task Rbac_role_permits_exactly_what_is_asked()
    {
        // Between them they ask for everything: previous logs, a drain, every kind.
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var state in new[] { "app-draining", "crash-missing-setting" })
        {
            await using var replay = Replay.Of(state);
            var program = await replay.WriteAsync();
            await replay.AskAsync();
            foreach (var call in await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(program)!, "calls")))
            {
                asked.Add(call.Split(' ') switch
                {
                    ["get", "pdb", ..] => "list poddisruptionbudgets",
                    ["get", "hpa", ..] => "list horizontalpodautoscalers",
                    ["get", var kind, ..] => $"list {kind}",
                    ["logs", ..] => "get pods/log",
                    ["proxy", ..] => "get pods/proxy",
                    _ => "config",
                });
            }
        }

        // kubectl reads a pod before its log.
        asked.Add("get pods");
        asked.Remove("config");
        var permitted = new SortedSet<string>(StringComparer.Ordinal);
        var yaml = new YamlStream();
        using var reader = new StringReader(Block("yaml"));
        yaml.Load(reader);
        foreach (var rule in yaml.Documents.SelectMany(document => (YamlSequenceNode)document.RootNode["rules"]))
        {
            foreach (var resource in (YamlSequenceNode)rule["resources"])
            {
                foreach (var verb in (YamlSequenceNode)rule["verbs"])
                {
                    permitted.Add($"{verb} {resource}");
                }
            }
        }

        Assert.Equal(asked, permitted);
        Assert.DoesNotContain(permitted, right => right.Contains("secret", StringComparison.Ordinal) || right.Contains('*', StringComparison.Ordinal));
    }

    private static string Action(string call)
    {
        var words = call.Split(' ');
        var service = words[0] == "elbv2" ? "elasticloadbalancing" : words[0];
        return $"{service}:{string.Concat(words[1].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}";
    }

    private static string Block(string language) => Fenced().Matches(Page).First(match => match.Groups[1].Value == language).Groups[2].Value;

    [GeneratedRegex("```(json|yaml)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
