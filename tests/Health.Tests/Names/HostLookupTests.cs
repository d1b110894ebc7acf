using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Candor.Health.Names;

namespace Candor.Health.Tests.Names;

/// <summary>A name server that does not answer must not cost more than one thread a name.</summary>
public sealed class HostLookupTests : IDisposable
{
    private readonly ManualResetEventSlim _answer = new();
    private readonly ConcurrentQueue<(string Host, bool OfThePool)> _asked = new();

    [Fact]
    public async Task Lookup_that_is_not_answered_and_given_up_often_blocks_one_thread_and_none_of_the_pool()
    {
        var lookup = new HostLookup(Ask);
        for (var i = 0; i < 50; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup.FindAsync("queue.example", new(canceled: true)));
        }

        var last = lookup.FindAsync("QUEUE.example", CancellationToken.None);
        _answer.Set();

        Assert.Equal([IPAddress.Parse("192.0.2.1")], await last);
        Assert.Equal([("queue.example", false)], _asked);
    }

    [Fact]
    public async Task Lookup_of_another_name_does_not_wait_for_one_that_is_not_answered()
    {
        var lookup = new HostLookup(host => host == "silent.example" ? Ask(host) : [IPAddress.Loopback]);
        var silent = lookup.FindAsync("silent.example", CancellationToken.None);

        Assert.Equal([IPAddress.Loopback], await lookup.FindAsync("other.example", CancellationToken.None));
        Assert.False(silent.IsCompleted);
    }

    [Fact]
    public async Task Lookup_that_failed_is_made_anew()
    {
        var answers = new Queue<Func<IPAddress[]>>([() => throw new SocketException((int)SocketError.TryAgain), () => [IPAddress.Loopback]]);
        var lookup = new HostLookup(_ => answers.Dequeue()());

        await Assert.ThrowsAsync<SocketException>(() => lookup.FindAsync("cache.example", CancellationToken.None));

        Assert.Equal([IPAddress.Loopback], await lookup.FindAsync("cache.example", CancellationToken.None));
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public async Task Lookup_of_an_address_asks_nobody(string address)
    {
        var found = await new HostLookup(Ask).FindAsync(address, CancellationToken.None);

        Assert.Equal([IPAddress.Parse(address)], found);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Connection_goes_to_the_first_address_that_takes_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var lookup = new HostLookup(_ => [IPAddress.IPv6Loopback, IPAddress.Loopback]);

        using var socket = await lookup.ConnectAsync("queue.example", ((IPEndPoint)listener.LocalEndpoint).Port, CancellationToken.None);

        Assert.True(socket.Connected);
        Assert.True(socket.NoDelay);
    }

    [Fact]
    public async Task Connection_that_nobody_takes_is_refused()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var lookup = new HostLookup(_ => [IPAddress.Loopback]);

        var refused = await Assert.ThrowsAsync<SocketException>(() => lookup.ConnectAsync("queue.example", ((IPEndPoint)bound.LocalEndPoint!).Port, CancellationToken.None));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _answer.Set();
        _answer.Dispose();
    }

    private IPAddress[] Ask(string host)
    {
        _asked.Enqueue((host, Thread.CurrentThread.IsThreadPoolThread));
        _answer.Wait();
        return [IPAddress.Parse("192.0.2.1")];
    }
}
