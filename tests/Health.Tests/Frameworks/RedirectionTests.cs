using System.Net;
using Candor.Health.Tests.Hosting;
using Candor.Health.Tests.Library;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Frameworks;

/// <summary>HTTPS redirection to the app's own HTTPS endpoint, and authentication by a fallback policy, on sockets.</summary>
public sealed class RedirectionTests
{
    [Fact]
    public async Task Users_are_redirected_to_the_https_endpoint_and_asked_who_they_are_and_probes_are_not()
    {
        var port = FreePort.Next();
        using var certificate = Certificates.SelfSigned();
        await using var app = await (await RunningApp.StartAsync(
            Beside.Quick,
            builder =>
            {
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
                builder.Services.AddAuthentication().AddBearerToken();
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            web =>
            {
                web.UseHttpsRedirection();
                web.UseAuthentication();
                web.UseAuthorization();
                web.MapGet("/", () => "private");
            })).StartedAsync();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        });

        // The port is not configured: the redirection finds it among the server's addresses, and there is one with HTTPS.
        using var redirected = await app.Public.GetAsync("/");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirected.StatusCode);
        Assert.Equal(port, redirected.Headers.Location!.Port);
        using var user = await client.GetAsync(new Uri($"https://127.0.0.1:{port}/"));
        Assert.Equal(HttpStatusCode.Unauthorized, user.StatusCode);
        foreach (var path in new[] { "/health", "/healthz", "/startupz", "/health?scope=local" })
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"https://127.0.0.1:{port}{path}"))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await app.Management.GetAsync("/metrics")).StatusCode);
        await Beside.StaysReadyAsync(app);
    }
}
