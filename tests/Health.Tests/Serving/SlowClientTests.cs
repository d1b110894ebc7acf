using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Tests.Serving;

/// <summary>N306: clients that send or read slowly have no effect on health, and an upload has a deadline.</summary>
public sealed class SlowClientTests
{
    private static readonly HealthContract Quick = new()
    {
        Freshness = TimeSpan.FromMilliseconds(50),
        Watchdog = new() { StuckRequestAge = TimeSpan.FromMilliseconds(300), StuckRequestCount = 3, ThreadPoolDelay = TimeSpan.FromSeconds(30) },
        Drain = new() { RequestTimeout = TimeSpan.FromSeconds(2) },
    };

    [Fact]
    public async Task N306_slow_uploads_are_cut_with_408_and_neither_they_nor_the_cut_change_health()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapPost("/upload", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            return (await reader.ReadToEndAsync()).Length;
        }))).StartedAsync();
        using var end = new CancellationTokenSource();
        var uploads = Enumerable.Range(0, 10).Select(_ => UploadAsync(app.Contract.Port, end.Token)).ToList();

        var seen = new List<HttpStatusCode>();
        while (!Task.WhenAll(uploads).IsCompleted)
        {
            seen.Add((await app.ReadinessAsync()).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        await Task.Delay(Quick.Freshness * 2, TimeProvider.System);
        seen.Add((await app.ReadinessAsync()).Status);
        Assert.All(await Task.WhenAll(uploads), answer => Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal));
        Assert.True(seen.Count > 10, $"Health was asked {seen.Count} times while the uploads went on.");
        Assert.All(seen, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Theory]
    [InlineData("/read")]
    [InlineData("/bound")]
    public async Task N306_uploads_whose_connection_is_reset_say_nothing_about_the_app(string path)
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web =>
        {
            web.MapPost("/read", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
            web.MapPost("/bound", (Dictionary<string, string> body) => body.Count);
        })).StartedAsync();

        var seen = new List<HttpStatusCode>();
        for (var round = 0; round < 60; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CutAsync(app.Contract.Port, path)));
            seen.Add((await app.ReadinessAsync()).Status);
        }

        Assert.All(seen, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.DoesNotContain("\"failing\"", (await app.DetailAsync()).Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_that_hangs_after_it_has_read_the_body_is_stuck_all_the_same()
    {
        var never = new TaskCompletionSource();
        await using var app = await (await RunningApp.StartAsync(Quick, map: web => web.MapPost("/upload", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            await never.Task;
        }))).StartedAsync();

        var users = Enumerable.Range(0, 3).Select(_ => app.Public.PostAsync("/upload", new StringContent("tea"))).ToList();
        await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Status == HttpStatusCode.ServiceUnavailable, "the requests count as stuck");

        never.SetResult();
        Assert.All(await Task.WhenAll(users), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task N306_long_polling_that_is_marked_as_long_running_is_not_stuck()
    {
        var news = new TaskCompletionSource();
        await using var app = await (await RunningApp.StartAsync(Quick, map: web =>
            web.MapGet("/poll", () => news.Task).WithMetadata(new LongRunningAttribute()))).StartedAsync();

        var users = Enumerable.Range(0, 5).Select(_ => app.Public.GetAsync("/poll")).ToList();
        await Task.Delay(Quick.Watchdog.StuckRequestAge * 3, TimeProvider.System);

        Assert.Equal(HttpStatusCode.OK, (await app.ReadinessAsync()).Status);
        news.SetResult();
        await Task.WhenAll(users);
    }

    [Fact]
    public async Task Body_that_a_middleware_replaced_is_read_in_its_replaced_form()
    {
        await using var app = await (await RunningApp.StartAsync(Quick, map: web =>
        {
            web.Use(async (context, next) =>
            {
                context.Request.EnableBuffering();
                await new StreamReader(context.Request.Body, leaveOpen: true).ReadToEndAsync();
                context.Request.Body.Position = 0;
                await next(context);
            });
            web.MapPost("/echo", async (HttpRequest request) => Encoding.UTF8.GetString((await request.BodyReader.ReadAtLeastAsync(3)).Buffer.FirstSpan));
        })).StartedAsync();

        using var answer = await app.Public.PostAsync("/echo", new StringContent("tea"));

        Assert.Equal("tea", await answer.Content.ReadAsStringAsync());
    }

    private static async Task CutAsync(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{{\"item\":"));
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        socket.LingerState = new(enable: true, seconds: 0);
    }

    // As an attacker does it: steadily, faster than the server's minimum rate, and for ever.
    private static async Task<string> UploadAsync(int port, CancellationToken end)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, end);
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"), end);
        var answer = new byte[1024];
        var received = socket.ReceiveAsync(answer, end).AsTask();
        while (!received.IsCompleted)
        {
            await socket.SendAsync(new byte[50], end);
            await Task.WhenAny(received, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, end));
        }

        return Encoding.ASCII.GetString(answer, 0, await received);
    }
}
