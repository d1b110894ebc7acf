using Candor.Health.Checks;
using Candor.Health.State;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Checks;

/// <summary>Disk and HTTP.</summary>
public sealed class SmallCheckTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "disk")]
    public async Task Disk_fails_exactly_when_less_is_free_than_must_be(double minimum, string reason)
    {
        var result = await Ask(new DiskCheck(DiskPath.Parse(null), minimum));

        Assert.Equal(reason.Length == 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy, result.Status);
        Assert.Equal(reason.Length == 0 ? null : reason, reason.Length == 0 ? null : CheckResults.ReasonOf(result).Text());
    }

    [Theory]
    [InlineData(200, "None")]
    [InlineData(302, "None")]
    [InlineData(401, "Authentication")]
    [InlineData(403, "Authentication")]
    [InlineData(404, "DependencyDown")]
    [InlineData(503, "DependencyDown")]
    public async Task Http_status_has_its_meaning(int status, string reason)
    {
        await using var app = await RunningApp.StartAsync(map: web => web.MapGet("/other", () => Results.StatusCode(status)));
        using var check = new HttpCheck(new(new($"http://127.0.0.1:{app.Contract.Port}/other")), new());

        var result = await Ask(check);

        Assert.Equal(reason, result.Status == HealthStatus.Healthy ? "None" : CheckResults.ReasonOf(result).ToString());
    }

    [Fact]
    public async Task Http_service_that_refuses_is_dependency_down()
    {
        using var check = new HttpCheck(new(new($"http://127.0.0.1:{FreePort.Next()}/")), new());
        using var engine = Evaluation.TestChecks.Engine([new("other", check, HealthStatus.Unhealthy, null)]);

        Assert.Equal(Reason.DependencyDown, (await engine.EvaluateAsync()).Checks[0].Reason);
    }

    private static Task<HealthCheckResult> Ask(IHealthCheck check) => check.CheckHealthAsync(new() { Registration = new("check", check, HealthStatus.Unhealthy, null) });
}
