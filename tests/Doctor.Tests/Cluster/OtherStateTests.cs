using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Doctor.Model;
using Candor.Doctor.Output;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>States that were not recorded, made from the recorded healthy cluster as the API server would show them.</summary>
public sealed class OtherStateTests
{
    private const string Now = "2026-11-21T12:31:09Z";

    [Fact]
    public Task Service_port_name_that_no_container_declares_is_named() => IsAsync("service-target-port", PathStep.Port, ["\"web\"", "http 8080"], replay =>
    {
        replay.Object("services", "orders")["spec"]!["ports"]![0]!["targetPort"] = "web";
        Slice(replay, "orders")["ports"] = null;
    });

    [Fact]
    public Task Binding_to_a_service_that_does_not_exist_is_named() => IsAsync("target-group-binding", PathStep.Balancer, ["Service order", "does not exist"],
        replay => replay.Object("targetgroupbindings", "orders")["spec"]!["serviceRef"]!["name"] = "order");

    [Fact]
    public Task Missing_secret_is_named() => IsAsync("container-configuration", PathStep.Listener, ["CreateContainerConfigError", "secret \"orders\" not found"],
        replay => Each(replay, pod => Unready(pod, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CreateContainerConfigError", ["message"] = "secret \"orders\" not found" } })));

    [Theory]
    [InlineData("Failed to pull image: rpc error: code = Unknown desc = failed to resolve reference: unexpected status: 401 Unauthorized", "refuses")]
    [InlineData("Failed to pull image: rpc error: code = NotFound desc = ghcr.io/example/orders:0.2.0: not found", "no such tag")]
    [InlineData("Failed to pull image: toomanyrequests: You have reached your pull rate limit", "rate")]
    public Task Registry_that_refuses_is_reported_by_its_words(string message, string word) => IsAsync("image-pull", PathStep.Listener, [word], replay => Each(replay, pod =>
    {
        Unready(pod, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = "Back-off pulling image" } });
        Event(replay, pod, "Failed", message, 3);
    }));

    [Fact]
    public Task Quota_that_permits_no_pod_is_named() => IsAsync("no-pods", PathStep.Listener, ["exceeded quota"], replay =>
    {
        replay.Kinds["pods"] = new JsonArray([.. replay.Kinds["pods"].Where(pod => !pod!["metadata"]!["name"]!.GetValue<string>().StartsWith("orders", StringComparison.Ordinal)).Select(pod => pod!.DeepClone())]);
        replay.Object("deployments", "orders")["status"] = JsonNode.Parse("""{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"orders-1\" is forbidden: exceeded quota: compute, requested: requests.cpu=250m, used: 4, limited: 4"}]}""");
    });

    [Fact]
    public Task Readiness_gate_that_is_false_names_the_balancers_reason() => IsAsync("balancer-unhealthy", PathStep.SecurityGroup, ["Target.Timeout", "answers 200"], replay => Each(replay, pod =>
    {
        Condition(pod, "Ready")["status"] = "False";
        Condition(pod, "Ready")["reason"] = "ReadinessGatesNotReady";
        var gate = Condition(pod, "target-health.elbv2.k8s.aws/orders");
        gate["status"] = "False";
        gate["reason"] = "Target.Timeout";
        gate["message"] = "Request timed out";
    }));

    [Fact]
    public Task Node_that_does_not_answer_is_named() => IsAsync("node-not-ready", PathStep.Listener, ["node-1", "NodeStatusUnknown"], replay =>
    {
        var ready = replay.Kinds["nodes"][0]!["status"]!["conditions"]!.AsArray().First(one => one!["type"]!.GetValue<string>() == "Ready")!;
        ready["status"] = "Unknown";
        ready["reason"] = "NodeStatusUnknown";
        foreach (var pod in replay.Kinds["pods"])
        {
            Condition(pod!.AsObject(), "Ready")["status"] = "False";
        }
    }, others: 3);

    [Fact]
    public Task Restart_by_a_liveness_probe_with_a_wrong_path_is_distinguished_from_a_crash() => IsAsync("probe-wrong-path", PathStep.Endpoint, ["liveness probe", "/live", "404", "/healthz"], replay =>
    {
        Each(replay, pod =>
        {
            pod["spec"]!["containers"]![0]!["livenessProbe"]!["httpGet"]!["path"] = "/live";
            Status(pod)["restartCount"] = 2;
            Status(pod)["lastState"] = JsonNode.Parse("""{"terminated":{"exitCode":0,"reason":"Completed","finishedAt":"2026-11-21T12:30:50Z","startedAt":"2026-11-21T12:29:00Z"}}""");
            Event(replay, pod, "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 404", 3);
            Event(replay, pod, "Killing", "Container orders failed liveness probe, will be restarted", 1);
        });
    });

    [Fact]
    public Task Loopback_that_is_restarted_for_ever_is_distinguished_from_a_crash() => IsAsync("bound-to-loopback", PathStep.Listener, ["CANDOR_BIND=127.0.0.1"], replay =>
    {
        Each(replay, pod =>
        {
            Unready(pod, JsonNode.Parse("""{"running":{"startedAt":"2026-11-21T12:31:00Z"}}""")!.AsObject());
            Status(pod)["restartCount"] = 3;
            Status(pod)["lastState"] = JsonNode.Parse("""{"terminated":{"exitCode":0,"reason":"Completed","finishedAt":"2026-11-21T12:31:00Z","startedAt":"2026-11-21T12:29:00Z"}}""");
            pod["spec"]!["containers"]![0]!["env"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "CANDOR_BIND", ["value"] = "127.0.0.1" });
            Event(replay, pod, "Unhealthy", "Startup probe failed: Get \"http://10.244.0.10:8080/startupz\": dial tcp 10.244.0.10:8080: connect: connection refused", 18);
            Event(replay, pod, "Killing", "Container orders failed startup probe, will be restarted", 1);
        });
        replay.Answers.Clear();
    });

    [Fact]
    public Task Rollout_that_crashes_while_the_old_pods_serve_names_the_new_pod() => IsAsync("crash", PathStep.Listener, ["Pod orders-new-1", "exit code 139", "SIGSEGV"], replay =>
    {
        var pod = replay.Pods("orders").First().DeepClone().AsObject();
        pod["metadata"]!["name"] = "orders-new-1";
        Unready(pod, JsonNode.Parse("""{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}}""")!.AsObject());
        Status(pod)["restartCount"] = 4;
        Status(pod)["lastState"] = JsonNode.Parse("""{"terminated":{"exitCode":139,"reason":"Error","finishedAt":"2026-11-21T12:31:00Z","startedAt":"2026-11-21T12:30:59Z"}}""");
        replay.Kinds["pods"].Add((JsonNode)pod);
        replay.Object("deployments", "orders")["status"]!["conditions"] = JsonNode.Parse("""[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"orders-new\" has timed out progressing."}]""");
    });

    [Fact]
    public Task Policy_that_closes_the_way_to_the_database_is_named_and_not_the_database() => IsAsync("dependency-unreachable", PathStep.Dependency, ["NetworkPolicy orders", "5432"], replay =>
    {
        var egress = replay.Object("networkpolicies", "orders")["spec"]!["egress"]!.AsArray();
        egress.Remove(egress.First(rule => rule!["ports"]!.AsArray().Any(port => port!["port"]!.GetValue<int>() == 5432)));
        Health(replay, 503, """{"status":"not ready","ready":false,"reason":"dependency down","checks":{"database":{"status":"unhealthy","reason":"dependency down","duration":"1001ms","scope":"shared","detail":"no connection could be made in time"}}}""");
    });

    [Theory]
    [InlineData("""{"status":"not-ready","ready":false,"reason":"database: 42501 insufficient privilege","checks":{"database":{"status":"healthy"}},"operations":{"place-order":{"status":"failing","reason":"database: 42501 insufficient privilege","share":1,"count":20,"since":"2026-11-21T12:30:00Z"}}}""", 503, "dependency-refuses", PathStep.Dependency, "place-order", "42501")]
    [InlineData("""{"status":"not ready","ready":false,"reason":"disk","checks":{"disk":{"status":"unhealthy","reason":"disk","scope":"local","detail":"3 % free"}}}""", 503, "check-failing", PathStep.Check, "disk", "nearly full")]
    [InlineData("""{"status":"not ready","ready":false,"reason":"thread pool starved","checks":{"thread-pool":{"status":"unhealthy","reason":"thread pool starved","scope":"local"}}}""", 503, "check-failing", PathStep.Check, "thread-pool", "starved")]
    [InlineData("""{"status":"degraded","ready":true,"reason":"dependency down","checks":{"queue":{"status":"degraded","reason":"403 ACCESS_REFUSED","scope":"shared"}}}""", 200, "dependency-authentication", PathStep.Dependency, "queue", "ConnectionStrings__queue")]
    public async Task Answer_of_health_is_explained(string body, int status, string cause, PathStep step, params string[] words)
    {
        await IsAsync(cause, step, words, replay =>
        {
            Health(replay, status, body);
            if (status == 503)
            {
                Each(replay, pod => Unready(pod, JsonNode.Parse("""{"running":{"startedAt":"2026-11-21T12:20:00Z"}}""")!.AsObject(), started: true));
            }
        });
    }

    [Fact]
    public Task Contract_that_was_changed_under_a_pod_is_a_drift() => IsAsync("contract-drift", PathStep.Port, ["0000000000000000", "b798555daaae00d3"], replay =>
    {
        foreach (var answer in replay.Answers.Values)
        {
            answer["contract"] = "0000000000000000";
        }
    });

    [Fact]
    public Task Service_that_is_scaled_to_nothing_is_named() => IsAsync("scaled-to-zero", PathStep.Listener, ["spec.replicas 0"], replay =>
    {
        replay.Object("deployments", "orders")["spec"]!["replicas"] = 0;
        replay.Kinds["pods"] = new JsonArray([.. replay.Kinds["pods"].Where(pod => !pod!["metadata"]!["name"]!.GetValue<string>().StartsWith("orders", StringComparison.Ordinal)).Select(pod => pod!.DeepClone())]);
    });

    [Fact]
    public Task Database_that_cannot_pull_its_image_explains_the_service() => IsAsync("image-pull", PathStep.Listener, ["postgres"], replay =>
    {
        var database = replay.Pods("database").Single();
        database["spec"]!["containers"]![0]!["image"] = "postgres:99";
        Unready(database, JsonNode.Parse("""{"waiting":{"reason":"ErrImagePull","message":"manifest unknown"}}""")!.AsObject());
        Slice(replay, "database")["endpoints"]![0]!["conditions"]!["ready"] = false;
        Health(replay, 503, """{"status":"not ready","ready":false,"reason":"dependency down","checks":{"database":{"status":"unhealthy","reason":"dependency down","scope":"shared","detail":"refused"}}}""");
        Each(replay, pod => Unready(pod, JsonNode.Parse("""{"running":{"startedAt":"2026-11-21T12:20:00Z"}}""")!.AsObject(), started: true));
    });

    [Fact]
    public Task Volume_that_cannot_be_claimed_is_named() => IsAsync("unschedulable", PathStep.Listener, ["PersistentVolumeClaims"], replay =>
    {
        var database = replay.Pods("database").Single();
        database["status"] = JsonNode.Parse("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available."}]}""");
    });

    private static async Task IsAsync(string cause, PathStep step, IReadOnlyList<string> words, Action<Replay> change, int others = 0)
    {
        await using var replay = Replay.Of("healthy");
        change(replay);
        var diagnosis = await replay.AskAsync();
        var text = DiagnosisText.Write(diagnosis);
        Assert.True(cause == diagnosis.Cause?.Cause, text);
        Assert.True(step == diagnosis.Cause!.Step, text);
        Assert.All(words, word => Assert.Contains(word, diagnosis.Cause.Title, StringComparison.OrdinalIgnoreCase));
        Assert.True(diagnosis.Others.Count <= others, text);
    }

    private static void Each(Replay replay, Action<JsonObject> change)
    {
        foreach (var pod in replay.Pods("orders").ToList())
        {
            change(pod);
        }
    }

    private static JsonObject Status(JsonObject pod) => pod["status"]!["containerStatuses"]![0]!.AsObject();

    private static JsonObject Condition(JsonObject pod, string type) => pod["status"]!["conditions"]!.AsArray().Select(one => one!.AsObject()).First(one => one["type"]!.GetValue<string>() == type);

    private static JsonObject Slice(Replay replay, string service) => replay.Kinds["endpointslices"].Select(one => one!.AsObject()).First(one => one["metadata"]!["labels"]!["kubernetes.io/service-name"]!.GetValue<string>() == service);

    private static void Unready(JsonObject pod, JsonObject state, bool started = false)
    {
        Condition(pod, "Ready")["status"] = "False";
        Condition(pod, "ContainersReady")["status"] = "False";
        var status = Status(pod);
        status["ready"] = false;
        status["started"] = started;
        status["state"] = state;
    }

    private static void Event(Replay replay, JsonObject pod, string reason, string message, int count) => replay.Kinds["events"].Add((JsonNode)new JsonObject
    {
        ["type"] = reason == "Killing" ? "Normal" : "Warning",
        ["reason"] = reason,
        ["message"] = message,
        ["count"] = count,
        ["lastTimestamp"] = Now,
        ["firstTimestamp"] = "2026-11-21T12:30:00Z",
        ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod["metadata"]!["name"]!.GetValue<string>() },
    });

    private static void Health(Replay replay, int status, string body)
    {
        foreach (var answer in replay.Answers.Values)
        {
            answer["status"] = status;
            answer["body"] = string.Create(CultureInfo.InvariantCulture, $"{body}");
        }
    }
}
