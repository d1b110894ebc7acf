using System.Net;
using System.Text;
using Candor.Doctor.Model;
using Candor.Doctor.Output;
using Candor.Doctor.Running;
using Candor.Doctor.Tests.Url;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.Doctor.Tests.Running;

/// <summary>What a local target tells, with servers in the place of its pods that the reference service never is: slow, redirecting, starting.</summary>
public sealed class LocalStateTests
{
    private const int Port = 8080;
    // One of its own for each test: a port that was just closed may not be free at once.
    private readonly IPAddress _address = IPAddress.Parse($"127.{Random.Shared.Next(100, 250)}.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(2, 250)}");

    [Theory]
    [InlineData("302 Found", "Location: https://orders.example.com/health\r\n", "redirect", "F107", PathStep.Endpoint, "https://orders.example.com/health")]
    [InlineData("401 Unauthorized", "", "authentication", "F107", PathStep.Endpoint, "login")]
    [InlineData("400 Bad Request", "", "host-filter", "F107", PathStep.Endpoint, "host filter")]
    [InlineData("404 Not Found", "", "target-group-path", "F104", PathStep.Endpoint, "404")]
    public async Task Answer_that_the_check_does_not_want_is_named(string status, string headers, string cause, string fault, PathStep step, string words)
    {
        await using var server = RawServer.Answering(RawServer.Http(status, string.Empty, headers), _address, Port);
        AssertDiagnosed(await AskAsync(TargetState.Unhealthy, $"answered {status[..3]}"), cause, fault, step, words);
    }

    [Fact]
    public async Task Answer_later_than_the_check_waits_is_named_with_both_times()
    {
        await using var server = RawServer.Running(async (stream, _, stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2.2), TimeProvider.System, stop);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Http("200 OK", "{\"status\":\"ready\"}")), stop);
        }, address: _address, port: Port);
        AssertDiagnosed(await AskAsync(TargetState.Unhealthy, "no answer within the timeout"), "target-timeout", "F105", PathStep.Answer, "answers after 2");
    }

    [Fact]
    public async Task Pod_that_refuses_is_distinguished_from_a_closed_flow()
    {
        AssertDiagnosed(await AskAsync(TargetState.Unhealthy, "no connection: Connection refused"), "target-refused", null, PathStep.Listener, "refuse");
        var closed = new LocalEvent(TimeProvider.System.GetUtcNow(), LocalEventKind.Warning, "network", "1 needed flow is closed by the Plan's rules; connections there time out: balancer to orders, port 8080 (SecurityGroup pods has no ingress rule for port 8080 from the balancer)");
        await using var server = RawServer.Answering(RawServer.Http("200 OK", "{\"status\":\"ready\"}"), _address, Port);
        AssertDiagnosed(await AskAsync(TargetState.Unhealthy, "no connection within the timeout", closed), "closed-flow", "F102", PathStep.SecurityGroup, "SecurityGroup pods");
        var open = closed with { Kind = LocalEventKind.Progress, Message = "1 needed flow is open now: balancer to orders, port 8080" };
        Assert.Empty(LocalCollector.Flows([closed, open]));
    }

    [Fact]
    public async Task Starting_pod_is_no_fault()
    {
        await using var server = RawServer.Answering(RawServer.Http("503 Service Unavailable", "{\"status\":\"starting\",\"ready\":false,\"reason\":\"starting\",\"checks\":{\"schema\":{\"status\":\"unhealthy\",\"reason\":\"starting\"}}}"), _address, Port);
        var diagnosis = await AskAsync(null, "starting; GET :8080/startupz: 503");
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.Equal("F108", Assert.Single(diagnosis.Notes, note => note.Cause == "starting").Fault);
    }

    private async Task<Diagnosis> AskAsync(TargetState? target, string reason, params LocalEvent[] events)
    {
        var plan = await RunningStack.DevelopmentPlanAsync();
        // Only what is asked about; the dependencies are well.
        plan = plan with { Resources = [.. plan.Resources.Where(resource => resource.Type is not (ResourceTypes.StatefulSet or ResourceTypes.Service) || resource.KubernetesName.StartsWith("orders", StringComparison.Ordinal))] };
        var now = TimeProvider.System.GetUtcNow();
        var group = plan.Index.OfType(ResourceTypes.TargetGroup).Single().Name;
        var gate = target is null ? reason : $"readiness gate target-health.elbv2.k8s.aws/orders: {target}, {reason}";
        var status = new LocalStatus
        {
            Stack = "dev",
            Supervisor = 1,
            StartedAt = now,
            Speed = 5,
            Healthy = false,
            Urls = [],
            Workloads = [new() { Kind = "Deployment", Name = "orders", Namespace = "orders", Replicas = 1, Updated = 1, Ready = 0, Available = 0, Revision = 1, State = RolloutState.Progressing, Reason = gate }],
            Pods = [new() { Name = "orders-1", Workload = "orders", Address = _address.ToString(), Ports = new Dictionary<string, int> { ["http"] = Port }, ProcessId = 1, Phase = "Running", Ready = false, Restarts = 0, LastExitCode = null, StartedAt = now, Reason = gate, Log = string.Empty }],
            Targets = target is { } state ? [new() { TargetGroup = group, Pod = "orders-1", Endpoint = $"{_address}:{Port}", State = state, Reason = reason, Requests = 0 }] : [],
        };
        return await LocalDoctor.DiagnoseAsync(new(status, plan, events, new Dictionary<string, IReadOnlyList<string>>()), null, TimeProvider.System, CancellationToken.None);
    }

    private static void AssertDiagnosed(Diagnosis diagnosis, string cause, string? fault, PathStep step, string words)
    {
        var text = DiagnosisText.Write(diagnosis);
        Assert.True(cause == diagnosis.Cause?.Cause, text);
        Assert.Equal(fault, diagnosis.Cause!.Fault);
        Assert.Equal(step, diagnosis.Cause.Step);
        Assert.Contains(words, diagnosis.Cause.Title, StringComparison.Ordinal);
        Assert.True(diagnosis.Others.Count == 0, text);
    }
}
