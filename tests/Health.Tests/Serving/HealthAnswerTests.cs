using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Serving;

/// <summary>What probers get over HTTP, from real Kestrel.</summary>
public sealed class HealthAnswerTests
{
    private const string Secret = "hunter2";
    private const string Host = "db.internal.example";

    [Fact]
    public async Task Well_app_answers_200_with_its_checks_the_contract_hash_and_no_store()
    {
        await using var app = await (await RunningApp.StartAsync()).StartedAsync();

        using var response = await app.Public.GetAsync("/health");
        var (_, body) = await app.ReadinessAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(ContractHash.Of(app.Contract), response.Headers.GetValues(ContractHash.Header).Single());
        Assert.Equal(("ready", true), (body.GetProperty("status").GetString(), body.GetProperty("ready").GetBoolean()));
        var disk = body.GetProperty("checks").GetProperty("disk");
        Assert.Equal("healthy", disk.GetProperty("status").GetString());
        Assert.True(DurationText.TryParse(disk.GetProperty("duration").GetString(), out _));
        Assert.True(DurationText.TryParse(disk.GetProperty("age").GetString(), out var age) && age <= app.Contract.Freshness);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/startupz")]
    [InlineData("/Health")]
    public async Task Head_has_the_status_and_headers_of_get_and_no_body(string path)
    {
        await using var app = await (await RunningApp.StartAsync()).StartedAsync();

        using var response = await app.Public.SendAsync(new(HttpMethod.Head, path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.Contains(ContractHash.Header));
    }

    [Fact]
    public async Task Other_methods_are_refused_with_what_is_allowed()
    {
        await using var app = await RunningApp.StartAsync();

        using var response = await app.Public.PostAsync("/health", null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Unknown_scope_is_refused_rather_than_guessed_at()
    {
        await using var app = await (await RunningApp.StartAsync()).StartedAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await app.ReadinessAsync("?scope=locl")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync("?scope=local")).Status);
    }

    [Fact]
    public async Task Ordinary_checks_run_with_their_tags_and_only_the_management_port_shows_what_they_said()
    {
        await using var app = await (await RunningApp.StartAsync(build: builder => builder.Services.AddHealthChecks()
            .AddCheck("mine", () => HealthCheckResult.Unhealthy($"Host={Host} is away", new InvalidOperationException($"Password={Secret}")), ["deep"]))).StartedAsync();

        var (status, body) = await app.ReadinessAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("not ready", body.GetProperty("status").GetString());
        Assert.Equal("check failed", body.GetProperty("checks").GetProperty("mine").GetProperty("reason").GetString());
        Assert.DoesNotContain(Host, body.GetRawText(), StringComparison.Ordinal);

        var (_, detail) = await app.DetailAsync("?tag=deep");
        Assert.Equal(["mine"], detail.GetProperty("checks").EnumerateObject().Select(check => check.Name));
        Assert.Contains(Host, detail.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, detail.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_that_throws_tells_the_public_nothing_of_its_exception()
    {
        await using var app = await (await RunningApp.StartAsync(build: builder => builder.Services.AddHealthChecks()
            .AddCheck("mine", () => throw new InvalidOperationException($"cannot reach {Host} with Password={Secret}")))).StartedAsync();

        var (status, body) = await app.ReadinessAsync();
        var (_, detail) = await app.DetailAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.DoesNotContain("cannot reach", body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains($"cannot reach {Host}", detail.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, detail.GetRawText() + string.Join('\n', app.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Degraded_check_keeps_the_instance_in_and_reports_it()
    {
        await using var app = await (await RunningApp.StartAsync(build: builder => builder.Services.AddHealthChecks()
            .AddCheck("mine", () => HealthCheckResult.Degraded("slow today")))).StartedAsync();

        var (status, body) = await app.ReadinessAsync();

        Assert.Equal((HttpStatusCode.OK, "degraded"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Each_transition_is_logged_once_with_its_reason_and_probes_are_not_logged()
    {
        var well = true;
        await using var app = await (await RunningApp.StartAsync(new() { Freshness = TimeSpan.FromMilliseconds(1) }, builder => builder.Services.AddHealthChecks()
            .AddCheck("mine", () => well ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy()))).StartedAsync();

        foreach (var state in new[] { true, false, true })
        {
            well = state;
            await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status == (state ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable), "health follows the check");
            await app.ReadinessAsync();
        }

        Assert.Single(app.Log.Transitions, line => line.EndsWith("health: ready -> not ready: mine check failed", StringComparison.Ordinal));
        Assert.Single(app.Log.Transitions, line => line.EndsWith("health: not ready -> ready", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("/health", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Probes_that_come_in_pieces_or_on_a_connection_already_used_are_answered()
    {
        await using var app = await (await RunningApp.StartAsync()).StartedAsync();
        using var pieces = new TcpClient("127.0.0.1", app.Contract.Port);
        foreach (var piece in new[] { "GE", "T /hea", "lthz HTTP/1.1\r\nHost: x\r\n", "\r\n" })
        {
            await pieces.GetStream().WriteAsync(Encoding.ASCII.GetBytes(piece));
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        }

        using var reader = new StreamReader(pieces.GetStream());
        Assert.StartsWith("HTTP/1.1 200 OK", await reader.ReadToEndAsync(), StringComparison.Ordinal);

        using var used = new TcpClient("127.0.0.1", app.Contract.Port);
        await used.GetStream().WriteAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var second = new StreamReader(used.GetStream());
        Assert.Contains("\"alive\"", await second.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_connects_and_is_idle_holds_up_nobody()
    {
        await using var app = await (await RunningApp.StartAsync()).StartedAsync();
        var silent = Enumerable.Range(0, 100).Select(_ => new TcpClient("127.0.0.1", app.Contract.Port)).ToList();

        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);

        // And is still served when it speaks at last.
        await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System);
        await silent[0].GetStream().WriteAsync("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(silent[0].GetStream());
        Assert.Contains("\"ready\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        silent.ForEach(client => client.Dispose());
    }
}
