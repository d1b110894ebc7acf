using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Library;

/// <summary>The contract's ports stand beside the addresses that the app was given otherwise.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("--urls")]
    [InlineData("UseUrls")]
    [InlineData("app.Urls")]
    public async Task Addresses_given_otherwise_are_kept(string by)
    {
        var own = $"http://127.0.0.1:{FreePort.Next()}";
        await using var app = await RunningApp.StartAsync(
            build: builder =>
            {
                if (by is "ASPNETCORE_URLS" or "--urls")
                {
                    builder.Configuration.AddCommandLine(["--urls", own]);
                }
                else if (by == "UseUrls")
                {
                    builder.WebHost.UseUrls(own);
                }
            },
            map: web =>
            {
                if (by == "app.Urls")
                {
                    web.Urls.Add(own);
                }

                web.MapGet("/", () => "hello");
            });
        await app.StartedAsync();
        using var client = new HttpClient();

        Assert.Equal("hello", await client.GetStringAsync(new Uri(own)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(own + "/health"))).StatusCode);
        Assert.Equal("hello", await app.Public.GetStringAsync("/"));
        Assert.Equal(HttpStatusCode.OK, (await app.Management.GetAsync("/metrics")).StatusCode);
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("Overriding address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ports_of_a_container_image_give_way_to_the_contracts()
    {
        var other = FreePort.Next();
        await using var app = await (await RunningApp.StartAsync(build: builder => builder.Configuration["http_ports"] = $"{other}")).StartedAsync();
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{other}/health")));
    }

    [Fact]
    public async Task Taken_port_is_named_with_what_to_do()
    {
        await using var first = await RunningApp.StartAsync();
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = "Production";
        builder.AddCandor(first.Contract);
        await using var second = builder.Build();
        second.MapCandor();

        var refused = await Assert.ThrowsAsync<IOException>(() => second.StartAsync());

        Assert.Contains("the contract's port", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{first.Contract.Port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("CANDOR_CONTRACT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_that_fails_is_not_logged_as_complete()
    {
        await using var first = await RunningApp.StartAsync();
        var builder = WebApplication.CreateBuilder();
        var log = new KeptLog();
        builder.Logging.AddProvider(log);
        builder.Environment.EnvironmentName = "Production";
        builder.AddCandor(first.Contract);
        await using (var second = builder.Build())
        {
            second.MapCandor();
            await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
        }

        Assert.DoesNotContain(log.Lines, line => line.Contains("start-up complete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_apps_with_one_contract_run_side_by_side_on_ports_that_the_system_chooses()
    {
        await using var one = await StartAsync("one");
        await using var other = await StartAsync("other");
        using var client = new HttpClient();

        foreach (var (app, name) in new[] { (one, "one"), (other, "other") })
        {
            var urls = app.Urls.ToList();
            Assert.Equal(2, urls.Count);
            Assert.Equal(name, await client.GetStringAsync(new Uri(Local(urls[0]) + "/")));
            await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri(Local(urls[0]) + "/health"))).StatusCode == HttpStatusCode.OK, "it is ready");
            Assert.Contains("candor_health_ready 1", await client.GetStringAsync(new Uri(Local(urls[1]) + "/metrics")), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(Local(urls[0]) + "/metrics"))).StatusCode);
        }

        static async Task<WebApplication> StartAsync(string name)
        {
            var builder = WebApplication.CreateBuilder();
            builder.AddCandor(new HealthContract(), options => options.DynamicPorts = true);
            var app = builder.Build();
            app.MapGet("/", () => name);
            app.MapCandor();
            await app.StartAsync();
            return app;
        }

        static string Local(string url) => url.Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Developers_machine_is_reached_from_itself_only()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = "Development";
        builder.AddCandor(new HealthContract(), options => options.DynamicPorts = true);
        await using var app = builder.Build();
        app.MapCandor();
        await app.StartAsync();

        Assert.All(app.Urls, url => Assert.StartsWith("http://127.0.0.1:", url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_on_http2_alone_is_probed_by_http11_and_its_metrics_read()
    {
        await using var app = await RunningApp.StartAsync(
            build: builder =>
            {
                // What the gRPC template has in its appsettings.json.
                builder.Configuration["Kestrel:EndpointDefaults:Protocols"] = "Http2";
            },
            map: web => web.MapGet("/", (HttpContext context) => context.Request.Protocol));
        await app.StartedAsync();

        foreach (var path in new[] { "/health", "/health?scope=local", "/healthz", "/startupz" })
        {
            using var probe = await app.Public.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
            Assert.Equal(ContractHash.Of(app.Contract), probe.Headers.GetValues(ContractHash.Header).Single());
        }

        Assert.Equal(HttpStatusCode.OK, (await app.Management.GetAsync("/metrics")).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var user = await app.Public.SendAsync(request);
        Assert.Equal("HTTP/2", await user.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Https_endpoint_of_the_app_answers_users_and_probes_over_http2()
    {
        var port = FreePort.Next();
        using var certificate = Certificates.SelfSigned();
        await using var app = await RunningApp.StartAsync(
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate))),
            map: web => web.MapGet("/", (HttpContext context) => context.Request.Protocol));
        await app.StartedAsync();
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() } })
        {
            DefaultRequestVersion = HttpVersion.Version20,
        };

        Assert.Equal("HTTP/2", await client.GetStringAsync(new Uri($"https://127.0.0.1:{port}/")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"https://127.0.0.1:{port}/health"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/health")).StatusCode);
    }
}
