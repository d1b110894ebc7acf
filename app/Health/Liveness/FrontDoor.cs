using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Candor.Health;

/// <summary>
/// Accepts the public port's connections on a thread of its own, looks at the first bytes of each, answers probes there and then, and
/// hands all others to the server untouched. So a probe is answered on the port that users use, even when the thread pool runs
/// nothing. See docs/decisions/0101-liveness-front-door.md.
/// </summary>
internal sealed class FrontDoor : IConnectionListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PartialPeriod = TimeSpan.FromMilliseconds(10);
    private readonly Channel<Socket> _forServer = Channel.CreateUnbounded<Socket>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Visitor> _visitors = [];
    private readonly byte[] _bytes = new byte[FirstRequest.MaximumLength];
    private readonly Socket _listener;
    private readonly Socket _wake;
    private readonly SocketConnectionContextFactory _connections;
    private readonly ProbeDesk _desk;
    private readonly TimeProvider _time;
    private volatile bool _stopping;

    /// <param name="listener">Bound to the public port; not listening yet.</param>
    /// <param name="backlog">Connections that may wait to be accepted.</param>
    /// <param name="connections">Makes the server's connections of sockets.</param>
    /// <param name="desk">Answers probes.</param>
    /// <param name="time">The clock.</param>
    public FrontDoor(Socket listener, int backlog, SocketConnectionContextFactory connections, ProbeDesk desk, TimeProvider time)
    {
        _listener = listener;
        _connections = connections;
        _desk = desk;
        _time = time;
        _listener.Blocking = false;
        _listener.Listen(backlog);
        EndPoint = listener.LocalEndPoint!;
        _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        new Thread(Serve) { IsBackground = true, Name = "candor front door" }.Start();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _forServer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_forServer.Reader.TryRead(out var socket))
            {
                return _connections.Create(socket);
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

        // The token is not heeded: the thread ends at once, and a listener that is half closed helps nobody.
        return new(_closed.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        _wake.Dispose();
        _connections.Dispose();
    }

    private void Serve()
    {
        var ready = new List<Socket>();
        while (!_stopping)
        {
            Await(ready);
            AcceptAll(ready.Remove(_listener));
            _visitors.RemoveAll(visitor => IsDone(visitor, ready.Contains(visitor.Socket)));
        }

        // Whoever was let in by the kernel is served: closing the listener would reset them.
        AcceptAll(true);
        _visitors.ForEach(visitor => Pass(visitor.Socket));
        _listener.Dispose();
        _forServer.Writer.Complete();
        _closed.SetResult();
    }

    private void Await(List<Socket> ready)
    {
        ready.Clear();
        ready.Add(_listener);
        ready.Add(_wake);
        var partial = false;
        foreach (var visitor in _visitors)
        {
            partial |= visitor.Partial;
            if (!visitor.Partial)
            {
                ready.Add(visitor.Socket);
            }
        }

        // A socket with half a request is always readable; those are looked at again by the clock.
        Socket.Select(ready, null, null, partial ? PartialPeriod : _visitors.Count > 0 ? Patience : Timeout.InfiniteTimeSpan);
    }

    private void AcceptAll(bool any)
    {
        while (any)
        {
            try
            {
                var visitor = new Visitor(_listener.Accept(), _time.GetTimestamp());
                visitor.Socket.NoDelay = true;
                if (!IsDone(visitor, visitor.Socket.Available > 0))
                {
                    _visitors.Add(visitor);
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                return;
            }
            catch (SocketException)
            {
                // It left before it was let in, or there are no descriptors left; the next look will tell.
                Socket.Select(new List<Socket> { _wake }, null, null, PartialPeriod);
                return;
            }
        }
    }

    private bool IsDone(Visitor visitor, bool readable)
    {
        try
        {
            return (readable || visitor.Partial) && Look(visitor) || Waited(visitor);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            visitor.Socket.Dispose();
            return true;
        }
    }

    private bool Look(Visitor visitor)
    {
        var count = visitor.Socket.Receive(_bytes, SocketFlags.Peek);
        if (count == 0)
        {
            visitor.Socket.Dispose();
            return true;
        }

        var request = FirstRequest.Read(_bytes.AsSpan(0, count), _desk.Paths);
        visitor.Partial = request.Kind == FirstBytes.Incomplete;
        if (visitor.Partial)
        {
            return false;
        }

        if (request.Kind == FirstBytes.Probe && _desk.Answer(request, (visitor.Socket.RemoteEndPoint as IPEndPoint)?.Address) is { } answer)
        {
            Reply(visitor.Socket, request.Length, answer);
        }
        else
        {
            Pass(visitor.Socket);
        }

        return true;
    }

    /// <summary>Who says nothing for a while is the server's to time out.</summary>
    private bool Waited(Visitor visitor)
    {
        if (_time.GetElapsedTime(visitor.Since) < Patience)
        {
            return false;
        }

        Pass(visitor.Socket);
        return true;
    }

    private void Reply(Socket socket, int requestLength, byte[] answer)
    {
        using (socket)
        {
            // What is left unread would turn our close into a reset, which may overtake the answer.
            socket.Receive(_bytes.AsSpan(0, requestLength));
            socket.Send(answer);
            socket.Shutdown(SocketShutdown.Both);
        }
    }

    private void Pass(Socket socket) => _forServer.Writer.TryWrite(socket);

    private sealed class Visitor(Socket socket, long since)
    {
        public Socket Socket { get; } = socket;

        public long Since { get; } = since;

        public bool Partial { get; set; }
    }
}
