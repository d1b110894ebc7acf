extern alias SampleApp;

using System.Net;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Sample = SampleApp::Program;

namespace Candor.Health.Tests.Frameworks;

/// <summary>
/// The tests that an app with health has of its own: <c>WebApplicationFactory</c>, with its test server and with Kestrel.
/// </summary>
public sealed class ApplicationFactoryTests
{
    [Fact]
    public async Task Two_factories_beside_each_other_open_no_port_and_answer_the_app_health_and_management()
    {
        await using var one = new WebApplicationFactory<Sample>();
        await using var other = new WebApplicationFactory<Sample>();
        foreach (var factory in new[] { one, other })
        {
            using var client = factory.CreateClient();
            using var management = factory.CreateClient(new() { BaseAddress = new("http://localhost:9090") });

            Assert.Equal("hello", await client.GetStringAsync(new Uri("/", UriKind.Relative)));
            await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode == HttpStatusCode.OK, "it is ready");
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
            Assert.Contains("candor_health_ready 1", await management.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Factory_on_kestrel_with_a_port_of_the_systems_choice_answers_where_its_client_asks()
    {
        await using var factory = new WebApplicationFactory<Sample>().WithWebHostBuilder(web => web.UseSetting("Candor:Listen", "false"));
        factory.UseKestrel(0);
        using var client = factory.CreateClient();

        Assert.Equal("hello", await client.GetStringAsync(new Uri("/", UriKind.Relative)));
        await Eventually.TrueAsync(async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode == HttpStatusCode.OK, "it is ready");
    }
}
