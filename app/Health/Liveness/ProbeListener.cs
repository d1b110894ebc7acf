using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Candor.Health.Liveness;

/// <summary>
/// Accepts the public port's connections on a thread of its own, looks at the first bytes of each, answers probes there and then, and
/// hands all others to the server untouched. So a probe is answered on the port that users use, even when the thread pool runs
/// nothing, when the server holds as many connections as it may, or when no file descriptor is left.
/// See docs/decisions/0101-probe-intercepting-listener.md.
/// </summary>
internal sealed class ProbeListener : IConnectionListener
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);
    private const int AcceptsPerWake = 256;
    private readonly Channel<Socket> _forServer;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SocketPoller _poller = SocketPoller.Create();
    private readonly PendingConnections _pending;
    private readonly byte[] _bytes = new byte[FirstRequest.MaximumLength];
    private readonly Socket _listener;
    private readonly Socket _wake;
    private readonly SocketConnectionContextFactory _connections;
    private readonly ProbeListenerOptions _options;
    private readonly bool _noDelay;
    private readonly OffPoolProbeResponder _responder;
    private readonly ServerConnections _open;
    private readonly ServerPorts _ports;
    private readonly TimeProvider _time;
    private SafeFileHandle? _reserve;
    private volatile bool _stopping;

    /// <param name="listener">Bound to the public port; not listening yet.</param>
    /// <param name="connections">Makes the server's connections of sockets.</param>
    /// <param name="transport">The app's options for sockets.</param>
    /// <param name="options">Limits.</param>
    /// <param name="responder">Answers probes.</param>
    /// <param name="open">Connections that the server holds.</param>
    /// <param name="ports">The protocols of the ports.</param>
    /// <param name="time">The clock.</param>
    public ProbeListener(
        Socket listener,
        SocketConnectionContextFactory connections,
        SocketTransportOptions transport,
        ProbeListenerOptions options,
        OffPoolProbeResponder responder,
        ServerConnections open,
        ServerPorts ports,
        TimeProvider time)
    {
        _listener = listener;
        _connections = connections;
        _options = options;
        _noDelay = transport.NoDelay;
        _responder = responder;
        _open = open;
        _ports = ports;
        _time = time;
        _pending = new(_poller);
        _forServer = Channel.CreateBounded<Socket>(
            new BoundedChannelOptions(options.MaximumPendingConnections) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest },
            Drop);
        _listener.Blocking = false;
        _listener.Listen(transport.Backlog);
        EndPoint = listener.LocalEndPoint!;
        _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _poller.Add(_listener, onlyNew: false);
        _poller.Add(_wake, onlyNew: false);
        _reserve = OpenReserve();
        new Thread(Serve) { IsBackground = true, Name = "candor probes" }.Start();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _forServer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_forServer.Reader.TryRead(out var socket))
            {
                var connection = _connections.Create(socket);
                connection.ConnectionClosed.UnsafeRegister(static open => ((ServerConnections)open!).Remove(), _open);
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (!_stopping)
        {
            _stopping = true;
            _wake.Send([1]);
        }

        // The token is not heeded: the thread ends at once, and a half-closed listener is of no use.
        return new(_closed.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        _wake.Dispose();
        _poller.Dispose();
        _connections.Dispose();
        _reserve?.Dispose();
    }

    private void Serve()
    {
        var ready = new List<Socket>();
        while (!_stopping)
        {
            _poller.Wait(ready, UntilTimeout());
            foreach (var socket in ready)
            {
                if (socket == _listener)
                {
                    AcceptAll(AcceptsPerWake);
                }
                else if (_pending.Contains(socket))
                {
                    Look(socket);
                }
            }

            PassTimedOut();
        }

        // Connections that the kernel has accepted are served: closing the listener would reset them.
        AcceptAll(int.MaxValue);
        while (_pending.Oldest is { } pending)
        {
            Pass(pending.Socket);
        }

        _poller.Remove(_listener);
        _listener.Dispose();
        _forServer.Writer.Complete();
        _closed.SetResult();
    }

    private TimeSpan UntilTimeout()
    {
        if (_pending.Oldest is not { } oldest)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = _options.FirstByteTimeout - _time.GetElapsedTime(oldest.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // Limited, so that a flood of connections does not keep those waiting that have something to say.
    private void AcceptAll(int limit)
    {
        for (var count = 0; count < limit; count++)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                if (!AcceptWithoutDescriptors())
                {
                    Pause();
                    return;
                }

                continue;
            }
            catch (SocketException)
            {
                // It left before it was accepted.
                Pause();
                return;
            }

            Take(socket, mayWait: true);
        }
    }

    private void Take(Socket socket, bool mayWait)
    {
        try
        {
            socket.NoDelay = _noDelay;
            if (socket.Available > 0)
            {
                if (Look(socket) || !mayWait)
                {
                    return;
                }
            }
            else if (!mayWait)
            {
                socket.Dispose();
                return;
            }

            if (_pending.Count >= _options.MaximumPendingConnections && _pending.Oldest is { } oldest)
            {
                Close(oldest.Socket);
            }

            _pending.Add(new(socket, _time.GetTimestamp()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or System.ComponentModel.Win32Exception)
        {
            Close(socket);
        }
    }

    // With no descriptor left: the oldest pending connection is closed for its descriptor; without one, a descriptor held in reserve
    // lets a probe be answered, and anything else be refused.
    private bool AcceptWithoutDescriptors()
    {
        _responder.NoteDescriptorsExhausted();
        if (_pending.Oldest is { } oldest)
        {
            Close(oldest.Socket);
            return true;
        }

        if (_reserve is null)
        {
            _reserve = OpenReserve();
            return false;
        }

        _reserve.Dispose();
        try
        {
            Take(_listener.Accept(), mayWait: false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            _reserve = OpenReserve();
        }
    }

    private static SafeFileHandle? OpenReserve()
    {
        try
        {
            return OperatingSystem.IsWindows() ? null : File.OpenHandle("/dev/null");
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The listener stays readable while it cannot accept; looking again at once would only burn the processor.
    private void Pause() => _wake.Poll(RetryDelay, SelectMode.SelectRead);

    /// <summary>Looks at what has arrived. False when it is the beginning of what may become a probe.</summary>
    private bool Look(Socket socket)
    {
        try
        {
            var count = socket.Available > 0 || socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) ? socket.Receive(_bytes, SocketFlags.Peek) : -1;
            if (count < 0)
            {
                return false;
            }

            if (count == 0)
            {
                Close(socket);
                return true;
            }

            var request = FirstRequest.Read(_bytes.AsSpan(0, count), _responder.Paths);
            if (request.Kind == FirstBytes.Incomplete)
            {
                return false;
            }

            if (request.Kind == FirstBytes.Probe)
            {
                Answer(socket, request);
            }
            else
            {
                Pass(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close(socket);
        }

        return true;
    }

    private void Answer(Socket socket, in FirstRequest request)
    {
        var from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        if (_responder.Answer(request, from) is { } answer)
        {
            _pending.Remove(socket);
            Reply(socket, request.Length, answer);
        }
        else if (_open.Full || _ports.Http2Only)
        {
            // The server has no place for the probe, or does not speak its protocol: neither shows whether it is ready.
            _pending.Remove(socket);
            _ = ReplyLaterAsync(socket, request, from);
        }
        else
        {
            Pass(socket);
        }
    }

    private async Task ReplyLaterAsync(Socket socket, FirstRequest request, IPAddress? from)
    {
        try
        {
            var answer = await _responder.AnswerReadinessAsync(request, from).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Reply(socket, request.Length, answer);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    private static void Reply(Socket socket, int requestLength, byte[] answer)
    {
        using (socket)
        {
            // What is left unread would turn our close into a reset, which may overtake the answer.
            Span<byte> request = stackalloc byte[FirstRequest.MaximumLength];
            socket.Receive(request[..requestLength]);
            socket.Send(answer);
            socket.Shutdown(SocketShutdown.Both);
        }
    }

    /// <summary>A pending connection whose first bytes do not arrive is timed out by the server.</summary>
    private void PassTimedOut()
    {
        while (_pending.Oldest is { } oldest && _time.GetElapsedTime(oldest.Since) >= _options.FirstByteTimeout)
        {
            Pass(oldest.Socket);
        }
    }

    private void Pass(Socket socket)
    {
        _pending.Remove(socket);
        if (_open.Full)
        {
            socket.Dispose();
            return;
        }

        _open.Add();
        _forServer.Writer.TryWrite(socket);
    }

    private void Close(Socket socket)
    {
        _pending.Remove(socket);
        socket.Dispose();
    }

    private void Drop(Socket socket)
    {
        _open.Remove();
        socket.Dispose();
    }
}
