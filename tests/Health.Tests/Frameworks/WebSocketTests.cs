using System.Net;
using System.Net.WebSockets;
using System.Text;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Tests.Frameworks;

/// <summary>WebSockets without a framework around them, over both versions of HTTP.</summary>
public sealed class WebSocketTests
{
    [Theory]
    [InlineData("Http1AndHttp2")]
    [InlineData("Http2")]
    public async Task Sockets_that_last_are_neither_stuck_nor_cut_and_one_that_breaks_is_no_failure(string protocols)
    {
        await using var app = await StartAsync(protocols, context => EchoAsync(context));
        var sockets = new List<ClientWebSocket>();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        for (var socket = 0; socket < 5; socket++)
        {
            sockets.Add(await ConnectAsync(app, protocols, invoker));
        }

        await Beside.StaysReadyAsync(app);

        foreach (var socket in sockets)
        {
            await socket.SendAsync("tea"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            var answer = new byte[10];
            Assert.Equal("tea", Encoding.UTF8.GetString(answer, 0, (await socket.ReceiveAsync(answer, CancellationToken.None)).Count));

            // As a phone that loses its network: no closing handshake.
            socket.Abort();
            socket.Dispose();
        }

        await Beside.StaysReadyAsync(app);
    }

    [Fact]
    public async Task Sockets_that_the_handler_breaks_are_failures()
    {
        await using var app = await StartAsync("Http1AndHttp2", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            throw new InvalidOperationException("A bug.");
        });
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());

        await Beside.UntilAsync(app, HttpStatusCode.ServiceUnavailable, async () =>
        {
            using var socket = await ConnectAsync(app, "Http1AndHttp2", invoker);
            await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[10], CancellationToken.None));
        });
    }

    [Fact]
    public async Task Socket_of_the_apps_own_that_breaks_is_a_failure()
    {
        await using var app = await StartAsync("Http1AndHttp2", _ => throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely));

        await Beside.UntilAsync(app, HttpStatusCode.ServiceUnavailable, async () =>
        {
            using var answer = await app.Public.GetAsync("/socket");
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        });
    }

    private static async Task<RunningApp> StartAsync(string protocols, RequestDelegate handler) => await (await RunningApp.StartAsync(
        Beside.Quick,
        builder => builder.Configuration["Kestrel:EndpointDefaults:Protocols"] = protocols,
        web =>
        {
            web.UseWebSockets();
            web.Map("/socket", handler);
        })).StartedAsync();

    private static async Task<ClientWebSocket> ConnectAsync(RunningApp app, string protocols, HttpMessageInvoker invoker)
    {
        var socket = new ClientWebSocket();
        if (protocols == "Http2")
        {
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        await socket.ConnectAsync(new UriBuilder(new Uri(app.Public.BaseAddress!, "/socket")) { Scheme = "ws" }.Uri, invoker, CancellationToken.None);
        return socket;
    }

    // As in the framework's documentation: nothing is caught.
    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var message = new byte[100];
        while (true)
        {
            var received = await socket.ReceiveAsync(message, CancellationToken.None);
            if (received.CloseStatus is { } status)
            {
                await socket.CloseAsync(status, null, CancellationToken.None);
                return;
            }

            await socket.SendAsync(message.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
        }
    }
}
