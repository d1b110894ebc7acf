using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Candor.Testing.Network;

/// <summary>
/// A TCP proxy in front of a server, to make the network fail: refuse, fall silent, delay, cut. It starts forwarding.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly CancellationTokenSource _end = new();
    private Socket? _listener;
    private TimeSpan _delay;
    private TaskCompletionSource _flow = Opened();
    private long _connections;
    private long _forgotten;

    private TcpProxy(int port, int target)
    {
        Port = port;
        _target = target;
    }

    /// <summary>Where it listens, at 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Starts one in front of a port of 127.0.0.1.</summary>
    public static TcpProxy Start(int target)
    {
        for (var attempt = 1; ; attempt++)
        {
            var proxy = new TcpProxy(FreePort.Next(), target);
            try
            {
                proxy.Listen();
                return proxy;
            }
            catch (SocketException) when (attempt < 10)
            {
            }
        }
    }

    /// <summary>Forwards again, after whatever was made to fail. What was held back in silence arrives now, as it would by TCP.</summary>
    public void Heal()
    {
        _delay = TimeSpan.Zero;
        _flow.TrySetResult();
        if (_listener is null)
        {
            Listen();
        }
    }

    /// <summary>Cuts every connection and refuses new ones, as a server that is not running.</summary>
    public void Refuse()
    {
        _listener?.Dispose();
        _listener = null;
        Cut();
    }

    /// <summary>Forwards nothing more, on old and new connections, and says nothing, as a network that drops packets.</summary>
    public void Silence() => _flow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Forwards nothing more on the connections that there are, for good, and everything on new ones, as a firewall that has lost its
    /// state.
    /// </summary>
    public void Forget() => Interlocked.Exchange(ref _forgotten, Connections);

    /// <summary>Holds back every piece of data for a while, in both directions.</summary>
    public void Delay(TimeSpan delay) => _delay = delay;

    /// <summary>Resets every connection; new ones are forwarded.</summary>
    public void Cut()
    {
        foreach (var socket in _sockets.Keys)
        {
            try
            {
                // Without lingering, closing sends a reset.
                socket.LingerState = new(enable: true, seconds: 0);
                socket.Dispose();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself just now.
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Refuse();
        _flow.TrySetResult();
        _end.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(512);
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_end.Token);
                _ = ForwardAsync(client, Interlocked.Increment(ref _connections));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task ForwardAsync(Socket client, long number)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets[client] = 0;
        _sockets[server] = 0;
        try
        {
            client.NoDelay = true;
            server.NoDelay = true;
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _end.Token);
            await Task.WhenAny(PumpAsync(client, server, number), PumpAsync(server, client, number));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, long number)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer, _end.Token);
            await _flow.Task.WaitAsync(_end.Token);
            if (number <= Interlocked.Read(ref _forgotten))
            {
                // Nobody is told, not even of an end.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
            }

            if (_delay > TimeSpan.Zero)
            {
                await Task.Delay(_delay, TimeProvider.System, _end.Token);
            }

            if (count == 0)
            {
                return;
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
            }
        }
    }
}
