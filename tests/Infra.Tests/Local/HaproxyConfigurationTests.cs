using System.Net;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class HaproxyConfigurationTests
{
    [Fact]
    public void Target_group_becomes_a_backend_that_fails_open_and_sends_nothing_twice()
    {
        var text = Render(new SamplePlan());

        Assert.Contains("use_backend orders-open if { nbsrv(orders) lt 1 }", text, StringComparison.Ordinal);
        Assert.Contains("retries 0", text, StringComparison.Ordinal);
        Assert.Contains("timeout connect 5000ms", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_of_the_process_before_serve_from_the_first_request_on_if_they_are_healthy_or_the_group_fails_open()
    {
        var text = Render(new SamplePlan(), Target(1, TargetState.Healthy), Target(3, TargetState.Unhealthy)).Split('\n');

        // First where requests go, then where they go when the group fails open.
        Assert.Equal(["    server t1 127.20.1.1:8080", "    server t1 127.20.1.1:8080"], Slot(1));
        Assert.Equal(["    server t2 127.0.0.1:8080 disabled", "    server t2 127.0.0.1:8080 disabled"], Slot(2));
        Assert.Equal(["    server t3 127.20.1.3:8080 disabled", "    server t3 127.20.1.3:8080"], Slot(3));

        IEnumerable<string> Slot(int number) => text.Where(line => line.StartsWith($"    server t{number} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_of_the_plan_is_one_that_haproxy_accepts()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, Render(new SamplePlan(), Target(1, TargetState.Healthy)));
            var start = new ProcessStart { Program = SystemPrograms.Require("haproxy"), Arguments = ["-c", "-f", path] };
            var (exitCode, output) = await Command.RunAsync(start, null, CancellationToken.None);
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static TargetRegistry.Target Target(int number, TargetState state) =>
        new(new("orders", $"orders-{number}", $"127.20.1.{number}", 8080), number) { State = state };

    private static string Render(SamplePlan plan, params TargetRegistry.Target[] registered)
    {
        var manifest = ManifestReader.Read(plan.Build(), 1, _ => null);
        return HaproxyConfiguration.Render(
            manifest.TargetGroups,
            [new(manifest.Listeners[0], new IPEndPoint(IPAddress.Loopback, 18080))],
            2,
            "/tmp/candor-test.sock",
            null,
            registered);
    }
}
