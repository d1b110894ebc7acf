using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Doctor.Output;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>What happens in every healthy cluster is never called a fault.</summary>
public sealed class HealthyVariationTests
{
    [Fact]
    public async Task Hundred_random_healthy_variations_have_no_diagnosis()
    {
        for (var seed = 0; seed < 100; seed += 10)
        {
            // A process a question: ten clusters at once are enough for two processors.
            await Task.WhenAll(Enumerable.Range(seed, 10).Select(AskAsync));
        }
    }

    private static async Task AskAsync(int seed)
    {
        var random = new Random(seed);
        await using var replay = Replay.Of("healthy");
        var now = DateTimeOffset.Parse("2026-11-21T12:31:09Z", CultureInfo.InvariantCulture);
        var told = new List<string>();
        foreach (var (name, vary) in Variations(replay, random, now))
        {
            if (random.Next(3) == 0)
            {
                vary();
                told.Add(name);
            }
        }

        var diagnosis = await replay.AskAsync(options => options with { BalancerRanges = random.Next(2) == 0 ? [] : options.BalancerRanges });
        Assert.True(diagnosis.Cause is null, $"seed {seed}, {string.Join(", ", told)}\n{DiagnosisText.Write(diagnosis)}");
    }

    private static IEnumerable<(string Name, Action Vary)> Variations(Replay replay, Random random, DateTimeOffset now)
    {
        string Ago(double minutes) => now.AddMinutes(-minutes).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var pods = replay.Pods("orders").ToList();
        JsonObject Status(JsonObject pod) => pod["status"]!["containerStatuses"]![0]!.AsObject();
        void Event(string pod, string reason, string message, int count, double minutes) => replay.Kinds["events"].Add((JsonNode)new JsonObject
        {
            ["type"] = reason is "Unhealthy" or "BackOff" ? "Warning" : "Normal",
            ["reason"] = reason,
            ["message"] = message,
            ["count"] = count,
            ["lastTimestamp"] = Ago(minutes),
            ["firstTimestamp"] = Ago(minutes),
            ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod },
        });

        yield return ("old restart", () =>
        {
            var status = Status(pods[random.Next(2)]);
            status["restartCount"] = random.Next(1, 9);
            status["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = random.Next(3), ["reason"] = "Error", ["finishedAt"] = Ago(random.Next(120, 9000)), ["startedAt"] = Ago(9001) } };
        }
        );
        yield return ("old kill for memory", () => Status(pods[0])["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 137, ["reason"] = "OOMKilled", ["finishedAt"] = Ago(600), ["startedAt"] = Ago(700) } });
        yield return ("start-up probe failed at first", () => Event(pods[1]["metadata"]!["name"]!.GetValue<string>(), "Unhealthy", "Startup probe failed: Get \"http://10.244.0.10:8080/startupz\": dial tcp 10.244.0.10:8080: connect: connection refused", random.Next(1, 6), 0.2));
        yield return ("one probe lost", () => Event(pods[0]["metadata"]!["name"]!.GetValue<string>(), "Unhealthy", "Readiness probe failed: Get \"http://10.244.0.11:8080/health\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)", 1, 0.1));
        yield return ("old probe failures", () => Event(pods[0]["metadata"]!["name"]!.GetValue<string>(), "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503", 7, 45));
        yield return ("503 in passing", () => Event(pods[0]["metadata"]!["name"]!.GetValue<string>(), "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", 2, 0.3));
        yield return ("one more pod", () =>
        {
            var pod = pods[0].DeepClone().AsObject();
            pod["metadata"]!["name"] = "orders-8cc5dbc7f-aaaaa";
            replay.Kinds["pods"].Add((JsonNode)pod);
        }
        );
        yield return ("a finished job", () =>
        {
            var pod = pods[0].DeepClone().AsObject();
            pod["metadata"]!["name"] = "migrate-1";
            pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "Job", ["name"] = "migrate", ["controller"] = true });
            pod["metadata"]!["labels"] = new JsonObject();
            pod["status"]!["phase"] = "Succeeded";
            replay.Kinds["pods"].Add((JsonNode)pod);
        }
        );
        yield return ("an evicted pod that was replaced", () =>
        {
            var pod = pods[0].DeepClone().AsObject();
            pod["metadata"]!["name"] = "orders-8cc5dbc7f-evict";
            pod["status"] = new JsonObject { ["phase"] = "Failed", ["reason"] = "Evicted", ["message"] = "The node was low on resource: memory." };
            replay.Kinds["pods"].Add((JsonNode)pod);
        }
        );
        yield return ("a pod that leaves", () =>
        {
            var pod = pods[0].DeepClone().AsObject();
            pod["metadata"]!["name"] = "orders-8cc5dbc7f-leave";
            pod["metadata"]!["deletionTimestamp"] = Ago(-0.5);
            pod["metadata"]!["deletionGracePeriodSeconds"] = 60;
            replay.Kinds["pods"].Add((JsonNode)pod);
        }
        );
        yield return ("no autoscaler", () => replay.Kinds["hpa"].Clear());
        yield return ("no policies", () => replay.Kinds["networkpolicies"].Clear());
        yield return ("no bindings and no gates", () =>
        {
            replay.Kinds["targetgroupbindings"].Clear();
            pods.ForEach(pod => pod["spec"]!.AsObject().Remove("readinessGates"));
        }
        );
        yield return ("a budget of another kind", () => replay.Kinds["pdb"][0]!["spec"] = new JsonObject { ["minAvailable"] = 1 });
        yield return ("a cordoned node", () => replay.Kinds["nodes"].Add((JsonNode)new JsonObject { ["metadata"] = new JsonObject { ["name"] = "node-2" }, ["spec"] = new JsonObject { ["unschedulable"] = true }, ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "False" }) } }));
        yield return ("an external service without selector", () => replay.Kinds["services"].Add((JsonNode)new JsonObject { ["metadata"] = new JsonObject { ["name"] = "mail" }, ["spec"] = new JsonObject { ["type"] = "ExternalName", ["externalName"] = "mail.example.com" } }));
        yield return ("no logs", () => replay.Logs.Clear());
        yield return ("logs of an earlier outage", () => replay.Logs[pods[0]["metadata"]!["name"]!.GetValue<string>()] = "{\"Timestamp\":\"2026-11-21T12:30:54.792Z\",\"LogLevel\":\"Warning\",\"Message\":\"health: ready -> not ready: database authentication\"}\n{\"Timestamp\":\"2026-11-21T12:30:59.792Z\",\"LogLevel\":\"Information\",\"Message\":\"health: not ready -> ready\"}\n");
        yield return ("operations are healthy", () =>
        {
            foreach (var answer in replay.Answers.Values)
            {
                var body = JsonNode.Parse(answer["body"]!.GetValue<string>())!.AsObject();
                body["operations"] = JsonNode.Parse("""{"place-order":{"status":"healthy","reason":null,"share":0,"count":31},"deliver-outbox":{"status":"healthy","reason":null,"oldestAge":null}}""");
                answer["body"] = body.ToJsonString();
            }
        }
        );
    }
}
