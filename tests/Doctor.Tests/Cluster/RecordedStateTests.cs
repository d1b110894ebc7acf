using Candor.Doctor.Model;
using Candor.Doctor.Output;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>Every recorded state of a real cluster is named by its cause, first, and nothing else is named.</summary>
public sealed class RecordedStateTests
{
    [Theory]
    [InlineData("bound-to-loopback", "bound-to-loopback", PathStep.Listener, "F106", "CANDOR_BIND=127.0.0.1", "both pods")]
    [InlineData("crash-missing-setting", "crash", PathStep.Listener, "F103", "exit code 2", "ConnectionStrings__queue is not set")]
    [InlineData("database-down", "dependency-down", PathStep.Dependency, "F201", "check database", "StatefulSet database is scaled to 0", "Service database has no endpoint")]
    [InlineData("database-packets-dropped", "dependency-unreachable", PathStep.Dependency, "F202", "check database", "drops packets", "database-0 is Running and Ready")]
    [InlineData("database-wrong-password", "dependency-authentication", PathStep.Dependency, "F204", "check database", "authentication", "circuit open", "ConnectionStrings__database", "Secret orders")]
    [InlineData("database-wrong-password-at-start", "dependency-authentication", PathStep.Dependency, "F204", "task schema", "28P01", "ConnectionStrings__database")]
    [InlineData("dependency-unreachable-at-start", "dependency-at-start", PathStep.Dependency, "F103", "task schema", "Name or service not known", "scaled to 0")]
    [InlineData("dependency-unreachable-at-start-crashed", "crash", PathStep.Listener, "F103", "exit code 1", "start-up limit of 1m", "scaled to 0")]
    [InlineData("image-never-pull", "image-never-pull", PathStep.Listener, null, "ghcr.io/example/orders:0.2.0", "not on the node", "imagePullPolicy Never")]
    [InlineData("image-pull-backoff", "image-pull", PathStep.Listener, null, "ghcr.io/example/orders:0.2.0", "cannot be looked up")]
    [InlineData("networkpolicy-lacks-balancer", "network-policy-balancer", PathStep.NetworkPolicy, "F102", "NetworkPolicy orders", "8080", "10.20.0.0/24", "10.20.16.0/20")]
    [InlineData("oom-killed", "oom-killed", PathStep.Listener, null, "OOMKilled", "137", "40Mi")]
    [InlineData("pdb-blocks-eviction", "pdb-blocks-eviction", PathStep.Listener, null, "PodDisruptionBudget orders", "2 available of 2")]
    [InlineData("probe-timeout", "probe-timeout", PathStep.Answer, "F105", "waits 1 s", "2 s", "3 s")]
    [InlineData("process-stopped", "process-stands-still", PathStep.Answer, "F215", "orders-947f67df-bc7nt", "answers nothing")]
    [InlineData("readiness-gate-missing", "readiness-gate", PathStep.Balancer, null, "target-health.elbv2.k8s.aws/orders", "Load Balancer Controller")]
    [InlineData("readiness-wrong-path", "probe-wrong-path", PathStep.Endpoint, "F104", "/ready", "404", "/health", "200")]
    [InlineData("readiness-wrong-port", "probe-wrong-port", PathStep.Port, "F101", "8081", "8080")]
    [InlineData("service-wrong-selector", "service-selector", PathStep.Balancer, null, "Service orders", "app.kubernetes.io/name=order", "app.kubernetes.io/name=orders")]
    [InlineData("unschedulable", "unschedulable", PathStep.Listener, null, "100 CPUs", "2 allocatable", "Insufficient cpu")]
    public async Task State_is_named_first_and_nothing_else(string state, string cause, PathStep step, string? fault, params string[] words)
    {
        await using var replay = Replay.Of(state);
        var diagnosis = await replay.AskAsync();
        var text = DiagnosisText.Write(diagnosis);
        Assert.True(cause == diagnosis.Cause?.Cause, text);
        Assert.Equal(step, diagnosis.Cause!.Step);
        Assert.Equal(fault, diagnosis.Cause.Fault);
        Assert.All(words, word => Assert.Contains(word, diagnosis.Cause.Title, StringComparison.OrdinalIgnoreCase));
        Assert.True(diagnosis.Others.Count == 0, text);
        // A blocked drain and a near miss are warnings: every probe passes.
        Assert.Equal(cause is "pdb-blocks-eviction" or "probe-timeout" ? Severity.Warning : Severity.Fault, diagnosis.Cause.Severity);
        Assert.Equal(diagnosis.Cause.Severity == Severity.Fault ? 1 : 0, diagnosis.ExitCode);
        Assert.NotEmpty(diagnosis.Cause.Evidence);
        Assert.Equal(Mark.Broken, diagnosis.Path.Single(mark => mark.Step == step).Mark);
        Assert.All(text.Split('\n').Where(line => !line.StartsWith("    ", StringComparison.Ordinal)), line => Assert.True(line.Length <= DiagnosisText.Width || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task Budget_names_the_drain_that_it_holds_up()
    {
        await using var replay = Replay.Of("pdb-blocks-eviction");
        Assert.Contains("wait for ever, that of node-1 now", (await replay.AskAsync()).Cause!.Title, StringComparison.Ordinal);
        replay.Kinds["nodes"][0]!["spec"]!["unschedulable"] = false;
        Assert.Contains("wait for ever. No probe fails", (await replay.AskAsync()).Cause!.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app-draining", "draining", "orders-8cc5dbc7f-7rdmm", "terminating")]
    [InlineData("app-starting", "starting", "start-up task schema", "90 s")]
    public async Task Starting_and_draining_are_no_faults(string state, string note, params string[] words)
    {
        await using var replay = Replay.Of(state);
        var diagnosis = await replay.AskAsync();
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.Equal(0, diagnosis.ExitCode);
        var found = Assert.Single(diagnosis.Notes, finding => finding.Cause == note);
        Assert.Equal("F108", found.Fault);
        Assert.All(words, word => Assert.Contains(word, found.Title, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Healthy_cluster_is_not_diagnosed()
    {
        await using var replay = Replay.Of("healthy");
        var diagnosis = await replay.AskAsync();
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.Equal(0, diagnosis.ExitCode);
        Assert.Empty(diagnosis.Gaps);
        Assert.All(diagnosis.Path, mark => Assert.Equal(Mark.Passed, mark.Mark));
    }

    [Fact]
    public void Every_recorded_state_is_tested()
    {
        var tested = typeof(RecordedStateTests).GetMethods().SelectMany(method => method.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value as string)
            .Append("healthy").Order(StringComparer.Ordinal);
        Assert.Equal(Replay.States, tested);
    }

    [Fact]
    public async Task Only_reads_are_asked()
    {
        await using var replay = Replay.Of("database-down");
        var program = await replay.WriteAsync();
        await replay.AskAsync();
        var calls = await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(program)!, "calls"));
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Contains(call.Split(' ')[0], new[] { "get", "logs", "proxy", "config" }));
        Assert.DoesNotContain(calls, call => call.Contains("secret", StringComparison.OrdinalIgnoreCase));
    }
}
