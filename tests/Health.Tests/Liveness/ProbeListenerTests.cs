using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Contract;
using Candor.Health.Liveness;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Liveness;

/// <summary>The probe-intercepting listener and clients that hold connections.</summary>
public sealed class ProbeListenerTests
{
    private static readonly HealthContract Contract = new() { Watchdog = new() { ThreadPoolDelay = TimeSpan.FromSeconds(30) } };

    [Fact]
    public async Task Oldest_pending_connections_are_closed_beyond_the_limit_and_probes_are_answered()
    {
        await using var app = await (await RunningApp.StartAsync(Contract, builder => builder.Services.Configure<ProbeListenerOptions>(options =>
        {
            options.MaximumPendingConnections = 4;
            options.FirstByteTimeout = TimeSpan.FromMinutes(1);
        }))).StartedAsync();

        // Half of them say nothing, half say half of a request line.
        var clients = new List<Socket>();
        for (var number = 0; number < 10; number++)
        {
            clients.Add(await ConnectAsync(app.Contract.Port, number % 2 == 0 ? "" : "GET /heal"));
        }

        for (var number = 0; number < 6; number++)
        {
            Assert.True(await IsClosedAsync(clients[number]), $"Connection {number} is still open.");
        }

        // The probe itself takes the place of another one for a moment at most.
        Assert.Equal("HTTP/1.1 200", await ProbeAsync(app.Contract.Port, "/healthz"));
        Assert.False(clients[9].Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
        await clients[9].SendAsync("thz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.Equal("HTTP/1.1 200", await ReadAsync(clients[9]));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Clients_that_take_every_connection_of_the_server_refuse_users_and_no_probe()
    {
        await using var app = await (await RunningApp.StartAsync(
            Contract,
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = 3),
            web => web.MapGet("/", () => "hello"))).StartedAsync();
        app.Public.Dispose();

        // Requests whose headers never end: the server holds each of them.
        var clients = new List<Socket>();
        await Eventually.TrueAsync(async () =>
        {
            clients.Add(await ConnectAsync(app.Contract.Port, "GET / HTTP/1.1\r\nX: "));
            return clients.Any(client => client.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead));
        }, "the server is full");

        Assert.Equal("", await ProbeAsync(app.Contract.Port, "/"));
        Assert.Equal("HTTP/1.1 200", await ProbeAsync(app.Contract.Port, "/health"));
        Assert.Equal("HTTP/1.1 200", await ProbeAsync(app.Contract.Port, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, (await app.DetailAsync()).Status);

        clients.ForEach(client => client.Dispose());
        await Eventually.TrueAsync(async () => await ProbeAsync(app.Contract.Port, "/") == "HTTP/1.1 200", "users are served again");
    }

    [Fact]
    public async Task Socket_options_of_the_app_are_kept()
    {
        var bound = new List<EndPoint>();
        await using var app = await (await RunningApp.StartAsync(Contract, builder => builder.Services.Configure<SocketTransportOptions>(options =>
            options.CreateBoundListenSocket = endpoint =>
            {
                bound.Add(endpoint);
                return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            }))).StartedAsync();

        Assert.Contains(bound, endpoint => ((IPEndPoint)endpoint).Port == app.Contract.Port);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Poller_reports_new_bytes_once_and_a_removed_socket_never(bool platform)
    {
        using var poller = platform ? SocketPoller.Create() : new SelectPoller();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        poller.Add(listener, onlyNew: false);
        poller.Add(server, onlyNew: true);

        Assert.Empty(Ready(poller));
        client.Send([1]);
        Assert.Equal([server], Ready(poller));
        Assert.Empty(Ready(poller));
        client.Send([2]);
        Assert.Equal([server], Ready(poller));
        poller.Remove(server);
        client.Send([3]);
        Assert.Empty(Ready(poller));
    }

    private static List<Socket> Ready(SocketPoller poller)
    {
        var ready = new List<Socket>();
        poller.Wait(ready, TimeSpan.FromMilliseconds(200));
        return ready;
    }

    private static async Task<Socket> ConnectAsync(int port, string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    private static async Task<string> ProbeAsync(int port, string path)
    {
        using var socket = await ConnectAsync(port, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        return await ReadAsync(socket);
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var answer = new byte[12];
        try
        {
            var count = await socket.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
            return Encoding.ASCII.GetString(answer, 0, count);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<bool> IsClosedAsync(Socket socket) => await ReadAsync(socket) == "";
}
