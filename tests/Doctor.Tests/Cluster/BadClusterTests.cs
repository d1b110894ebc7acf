using System.Text.Json.Nodes;
using Candor.Doctor.Commands;
using Candor.Doctor.Output;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>Hostile and truncated answers, hanging and missing commands, no rights: a clear message, and what can still be said.</summary>
public sealed class BadClusterTests
{
    [Fact]
    public async Task Missing_kubectl_is_reported_with_exit_code_2()
    {
        await using var replay = Replay.Of("healthy");
        var diagnosis = await replay.AskAsync(options => options with { KubectlProgram = "/nowhere/kubectl" });
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("kubectl is not installed", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
        Assert.Contains("nothing could be looked at", DiagnosisText.Write(diagnosis), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_context_is_reported_once()
    {
        await using var replay = Replay.Of("healthy");
        replay.Instead["get "] = "echo 'error: context \"nowhere\" does not exist' >&2; exit 1";
        var diagnosis = await replay.AskAsync(options => options with { Context = "nowhere" });
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("context \"nowhere\" does not exist", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_right_is_named_and_the_rest_is_diagnosed()
    {
        await using var replay = Replay.Of("oom-killed");
        replay.Instead["get events"] = "echo 'Error from server (Forbidden): events is forbidden: User \"oncall\" cannot list resource \"events\" in API group \"\" in the namespace \"orders\"' >&2; exit 1";
        var diagnosis = await replay.AskAsync();
        Assert.Equal("oom-killed", diagnosis.Cause?.Cause);
        var gap = Assert.Single(diagnosis.Gaps);
        Assert.Contains("cannot list resource \"events\"", gap.Needed, StringComparison.Ordinal);
        Assert.NotEmpty(gap.NotLookedFor);
    }

    [Theory]
    [InlineData("get events", "list events", "events", "oom-killed")]
    [InlineData("get pdb", "list poddisruptionbudgets", "pdb", "oom-killed")]
    [InlineData("logs", "get pods --subresource=log", "logs", "oom-killed")]
    public async Task Right_that_auth_can_i_denies_is_named(string refused, string right, string missing, string cause)
    {
        await using var replay = Replay.Of("oom-killed");
        replay.Instead[refused] = "echo 'Error from server (Forbidden): forbidden: User \"oncall\"' >&2; exit 1";
        replay.Instead[$"auth can-i {right}"] = "echo no; exit 1";
        var diagnosis = await replay.AskAsync();
        Assert.Equal(cause, diagnosis.Cause?.Cause);
        var gap = Assert.Single(diagnosis.Gaps);
        Assert.Equal(missing, gap.Missing);
        Assert.Contains($"`kubectl auth can-i {right} -n orders`: no", gap.Needed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_right_one_sentence_says_so()
    {
        await using var replay = Replay.Of("healthy");
        replay.Instead["get "] = "echo 'Error from server (Forbidden): forbidden: User \"oncall\"' >&2; exit 1";
        replay.Instead["auth can-i"] = "echo no; exit 1";
        var diagnosis = await replay.AskAsync();
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("the right to list pods is missing", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_are_asked_through_a_forwarded_port_where_the_proxy_is_not_allowed()
    {
        await using var replay = Replay.Of("database-wrong-password");
        replay.RefusesProxy = true;
        replay.Instead["auth can-i get pods --subresource=proxy"] = "echo no; exit 1";
        var without = await replay.AskAsync();
        Assert.Equal("dependency-authentication", without.Cause?.Cause);
        Assert.Contains(without.Gaps, gap => gap.Needed.Contains("the right to get pods/proxy is missing", StringComparison.Ordinal));
        replay.ForwardsPorts = true;
        var forwarded = await replay.AskAsync();
        Assert.Equal("dependency-authentication", forwarded.Cause?.Cause);
        Assert.Empty(forwarded.Gaps);
    }

    [Fact]
    public async Task Hanging_command_is_given_up_and_the_rest_is_diagnosed()
    {
        await using var replay = Replay.Of("oom-killed");
        replay.Instead["get events"] = "exec sleep 300";
        var diagnosis = await replay.AskAsync();
        Assert.Equal("oom-killed", diagnosis.Cause?.Cause);
        Assert.Contains("no answer within", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crash-missing-setting", "crash")]
    [InlineData("database-wrong-password", "dependency-authentication")]
    [InlineData("database-wrong-password-at-start", "dependency-authentication")]
    [InlineData("database-down", "dependency-down")]
    public async Task Pods_that_cannot_be_asked_are_diagnosed_by_cluster_and_logs(string state, string cause)
    {
        await using var replay = Replay.Of(state);
        replay.Instead["proxy"] = "echo 'unknown command' >&2; exit 1";
        replay.Instead["port-forward"] = "echo 'unknown command' >&2; exit 1";
        Assert.Equal(cause, (await replay.AskAsync()).Cause?.Cause);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"items\":[{\"metadata\":{\"name\":\"")]
    [InlineData("{\"items\":[{\"metadata\":{\"name\":\"\\ud800\"},\"spec\":7,\"status\":[]},{},7,null,[[[]]]]}")]
    [InlineData("{\"items\":[{\"metadata\":{\"name\":\"x\",\"creationTimestamp\":\"9999-99-99\"},\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":1e300}],\"readinessProbe\":{\"httpGet\":{\"port\":-1},\"timeoutSeconds\":1e300,\"failureThreshold\":1e300}}]},\"status\":{\"containerStatuses\":[{\"restartCount\":-1e300}]}}]}")]
    [InlineData("<html>Bad gateway</html>")]
    public async Task Any_text_instead_of_a_list_is_survived(string text)
    {
        await using var replay = Replay.Of("healthy");
        var file = Path.Combine(Path.GetDirectoryName(await replay.WriteAsync())!, "hostile");
        await File.WriteAllTextAsync(file, text);
        foreach (var kind in new[] { "pods", "deployments", "services", "endpointslices", "events", "networkpolicies", "nodes", "hpa", "pdb", "configmaps", "targetgroupbindings", "replicasets" })
        {
            replay.Instead[$"get {kind}"] = $"cat '{file}'";
        }

        var diagnosis = await replay.AskAsync();
        Assert.InRange(diagnosis.ExitCode, 0, 2);
        Assert.NotEmpty(DiagnosisText.Write(diagnosis));
        Assert.NotNull(JsonNode.Parse(DiagnosisJson.Write(diagnosis)));
        Assert.NotEmpty(DiagnosisMarkdown.Write(diagnosis));
    }

    [Fact]
    public async Task Every_value_of_a_pod_may_be_anything()
    {
        var random = new Random(15);
        for (var round = 0; round < 12; round++)
        {
            await using var replay = Replay.Of("healthy");
            foreach (var kind in replay.Kinds.Values)
            {
                Mangle(kind, random);
            }

            var diagnosis = await replay.AskAsync();
            Assert.NotEmpty(DiagnosisText.Write(diagnosis));
        }
    }

    [Fact]
    public async Task List_that_breaks_off_gives_what_came()
    {
        var items = new ItemReader("items");
        var names = new List<string?>();
        using var stream = new MemoryStream("{\"kind\":\"List\",\"items\":[{\"n\":\"a\"},{\"n\":\"b\"},{\"n\":"u8.ToArray());
        await items.ReadAsync(stream, item => names.Add(item["n"].Text), CancellationToken.None);
        Assert.Equal(["a", "b"], names);
        Assert.False(items.IsWhole);
        Assert.NotNull(items.Problem);
    }

    [Fact]
    public async Task Secrets_in_logs_and_answers_are_never_shown()
    {
        await using var replay = Replay.Of("crash-missing-setting");
        foreach (var pod in replay.Previous.Keys.ToList())
        {
            replay.Previous[pod] = "Cannot connect: Host=db;Username=orders;Password=hunter2 and amqp://orders:hunter3@queue:5672/\n";
        }

        var diagnosis = await replay.AskAsync();
        foreach (var text in new[] { DiagnosisText.Write(diagnosis), DiagnosisJson.Write(diagnosis), DiagnosisMarkdown.Write(diagnosis) })
        {
            Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
            Assert.Contains("Password=", text.Replace("\\", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static void Mangle(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var key in record.Select(pair => pair.Key).ToList())
                {
                    if (random.Next(40) == 0)
                    {
                        record[key] = Anything(random);
                    }
                    else
                    {
                        Mangle(record[key], random);
                    }
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (random.Next(40) == 0)
                    {
                        items[index] = Anything(random);
                    }
                    else
                    {
                        Mangle(items[index], random);
                    }
                }

                break;
            default:
                break;
        }
    }

    private static JsonNode? Anything(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(-1),
        2 => JsonValue.Create("\u001b[2J\u202e{who}"),
        3 => new JsonArray(),
        4 => new JsonObject(),
        5 => JsonValue.Create(true),
        6 => JsonValue.Create(1e18),
        _ => new JsonArray(JsonValue.Create("x"), new JsonObject { ["name"] = 7 }),
    };
}
