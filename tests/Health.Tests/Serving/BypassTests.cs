using System.Net;
using System.Threading.RateLimiting;
using Candor.Health.Settings;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Serving;

/// <summary>F107: nothing of the app stands between a probe and its answer, and everything does between a user and his.</summary>
public sealed class BypassTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/startupz")]
    public async Task Probe_passes_by_redirect_auth_host_filter_and_rate_limit(string path)
    {
        await using var app = await (await RunningApp.StartAsync(build: Guard, map: Guarded)).StartedAsync();

        // The second request on the connection goes through the server, not the probe-intercepting listener; both must be exempt.
        foreach (var _ in Enumerable.Range(0, 3))
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, path);
            probe.Headers.Host = "10.0.0.17:8080";
            using var response = await app.Public.SendAsync(probe);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task User_does_not()
    {
        await using var app = await (await RunningApp.StartAsync(build: Guard, map: Guarded)).StartedAsync();

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/");
        foreign.Headers.Host = "elsewhere.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Public.SendAsync(foreign)).StatusCode);

        using var plain = new HttpRequestMessage(HttpMethod.Get, "/");
        plain.Headers.Host = "allowed.example";
        Assert.Equal(HttpStatusCode.TemporaryRedirect, (await app.Public.SendAsync(plain)).StatusCode);
    }

    [Fact]
    public async Task Path_of_the_app_on_a_health_path_is_refused_at_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidSettingException>(() => RunningApp.StartAsync(map: app => app.MapGet("/health", () => "mine")));

        Assert.Contains("/health", refused.Message, StringComparison.Ordinal);
    }

    private static void Guard(WebApplicationBuilder builder)
    {
        builder.Configuration["AllowedHosts"] = "allowed.example";
        builder.Services.AddHttpsRedirection(options => options.HttpsPort = 443);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(_ =>
            RateLimitPartition.GetFixedWindowLimiter(0, _ => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) })));
    }

    private static void Guarded(WebApplication app)
    {
        app.UseHttpsRedirection();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => "private");
    }
}
