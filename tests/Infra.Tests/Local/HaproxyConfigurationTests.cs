using System.Net;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class HaproxyConfigurationTests
{
    [Fact]
    public void Target_group_becomes_a_backend_with_its_own_health_check()
    {
        var text = Render(new SamplePlan());

        Assert.Contains("check inter 10000ms rise 2 fall 3", text, StringComparison.Ordinal);
        Assert.Contains("timeout check 5000ms", text, StringComparison.Ordinal);
        Assert.Contains("uri /health ", text, StringComparison.Ordinal);
        Assert.Contains("http-check expect status 200\n", text, StringComparison.Ordinal);
        Assert.Contains("use_backend orders-open if { nbsrv(orders) lt 1 }", text, StringComparison.Ordinal);
        Assert.Contains("retries 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_of_the_plan_is_one_that_haproxy_accepts()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, Render(new SamplePlan()));
            var start = new ProcessStart { Program = SystemPrograms.Require("haproxy"), Arguments = ["-c", "-f", path] };
            var (exitCode, output) = await Command.RunAsync(start, null, CancellationToken.None);
            Assert.True(exitCode == 0, output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Render(SamplePlan plan)
    {
        var manifest = ManifestReader.Read(plan.Build(), 1, _ => null);
        return HaproxyConfiguration.Render(manifest.TargetGroups, [(manifest.Listeners[0], new IPEndPoint(IPAddress.Loopback, 18080))], "/tmp/candor-test.sock");
    }
}
