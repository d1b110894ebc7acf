using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class NetworkTests
{
    [Fact]
    public void Two_runs_at_once_never_share_addresses()
    {
        using var one = AddressBlock.Claim(7);
        using var other = AddressBlock.Claim(7);

        Assert.NotEqual(one.Number, other.Number);
        Assert.NotEqual(one.NextPod(), one.NextPod());
    }

    [Fact]
    public void Port_in_use_is_reported_with_the_process_that_holds_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;

        var error = Assert.Throws<LocalException>(() => PortOwner.RequireFree(endpoint, "The balancer", "End it."));

        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Port_that_somebody_holds_at_every_address_is_replaced_by_a_free_one()
    {
        using var block = AddressBlock.Claim(9);
        var wanted = new IPEndPoint(block.NextPod(), 9090);
        Assert.Equal(wanted, PortOwner.FreeNear(wanted));

        using var holder = new TcpListener(wanted);
        holder.Start();
        var other = PortOwner.FreeNear(wanted);

        Assert.Equal(wanted.Address, other.Address);
        Assert.NotEqual(wanted.Port, other.Port);
    }

    [Fact]
    public async Task Silent_address_neither_answers_nor_refuses()
    {
        using var block = AddressBlock.Claim(11);
        using var hole = new BlackHole(new(block.Special(1, 1), 8080));

        for (var i = 0; i < 3; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await socket.ConnectAsync(hole.Endpoint, limit.Token));
        }
    }

    [Fact]
    public async Task Link_passes_on_goes_silent_on_open_connections_and_refuses_where_nothing_runs()
    {
        using var block = AddressBlock.Claim(13);
        using var echo = new TcpListener(block.NextPod(), 7000);
        echo.Start();
        _ = EchoAsync(echo, clients: 1);
        using var link = new ServiceLink(new(block.NextLink(), 7000), TimeProvider.System);
        link.LeadTo((IPEndPoint)echo.LocalEndpoint);

        using var client = new TcpClient();
        await client.ConnectAsync(link.Endpoint);
        Assert.Equal("one", await SayAsync(client, "one", TimeSpan.FromSeconds(30)));

        link.Set(new(LinkMode.Silent));
        Assert.Null(await SayAsync(client, "two", TimeSpan.FromMilliseconds(300)));

        link.Set(new(LinkMode.Open));
        Assert.Equal("two", await ReadAsync(client, 3, TimeSpan.FromSeconds(30)));

        link.LeadTo(null);
        using var late = new TcpClient();
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(link.Endpoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Link_that_lost_its_state_drops_open_connections_and_passes_new_ones()
    {
        using var block = AddressBlock.Claim(15);
        using var echo = new TcpListener(block.NextPod(), 7000);
        echo.Start();
        _ = EchoAsync(echo, clients: 2);
        using var link = new ServiceLink(new(block.NextLink(), 7000), TimeProvider.System);
        link.LeadTo((IPEndPoint)echo.LocalEndpoint);
        using var before = new TcpClient();
        await before.ConnectAsync(link.Endpoint);
        Assert.Equal("one", await SayAsync(before, "one", TimeSpan.FromSeconds(30)));

        link.Set(new(LinkMode.HalfOpen));
        using var after = new TcpClient();
        await after.ConnectAsync(link.Endpoint);

        Assert.Null(await SayAsync(before, "two", TimeSpan.FromMilliseconds(300)));
        Assert.Equal("two", await SayAsync(after, "two", TimeSpan.FromSeconds(30)));

        // What was lost stays lost when the firewall works again.
        link.Set(new(LinkMode.Open));
        Assert.Null(await SayAsync(before, "six", TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Link_of_one_way_holds_back_answers_and_one_that_resets_ends_connections()
    {
        using var block = AddressBlock.Claim(16);
        using var echo = new TcpListener(block.NextPod(), 7000);
        echo.Start();
        _ = EchoAsync(echo, clients: 1);
        using var link = new ServiceLink(new(block.NextLink(), 7000), TimeProvider.System);
        link.LeadTo((IPEndPoint)echo.LocalEndpoint);
        using var client = new TcpClient();
        await client.ConnectAsync(link.Endpoint);

        link.Set(new(LinkMode.OneWay));
        Assert.Null(await SayAsync(client, "one", TimeSpan.FromMilliseconds(300)));
        link.Set(new(LinkMode.Open));
        Assert.Equal("one", await ReadAsync(client, 3, TimeSpan.FromSeconds(30)));

        link.Set(new(LinkMode.Resetting, Share: 1));
        await Assert.ThrowsAsync<IOException>(() => SayAsync(client, "two", TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Link_ends_although_a_connection_that_it_silenced_was_reset()
    {
        using var block = AddressBlock.Claim(14);
        using var server = new TcpListener(block.NextPod(), 7000);
        server.Start();
        var link = new ServiceLink(new(block.NextLink(), 7000), TimeProvider.System);
        link.LeadTo((IPEndPoint)server.LocalEndpoint);
        using var client = new TcpClient();
        await client.ConnectAsync(link.Endpoint);
        var served = await server.AcceptSocketAsync();

        // What is under way to the server is held back, so that way stays open while the other one breaks.
        link.Set(new(LinkMode.Silent));
        await SayAsync(client, "one", TimeSpan.FromMilliseconds(200));
        served.LingerState = new(true, 0);
        served.Dispose();
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client, 1, TimeSpan.FromSeconds(30)));

        Assert.Null(Record.Exception(link.Dispose));
    }

    private static async Task EchoAsync(TcpListener listener, int clients)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().CopyToAsync(client.GetStream());
            }));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test ended.
        }
    }

    private static async Task<string?> SayAsync(TcpClient client, string text, TimeSpan limit)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(client, text.Length, limit);
    }

    private static async Task<string?> ReadAsync(TcpClient client, int length, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        var buffer = new byte[length];
        try
        {
            await client.GetStream().ReadExactlyAsync(buffer, late.Token);
            return Encoding.ASCII.GetString(buffer);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
