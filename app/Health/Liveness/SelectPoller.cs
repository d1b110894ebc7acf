using System.Net.Sockets;

namespace Candor.Health.Liveness;

/// <summary>The poller where there is no epoll. A look costs as much as there are sockets.</summary>
internal sealed class SelectPoller : SocketPoller
{
    private static readonly TimeSpan PartialPeriod = TimeSpan.FromMilliseconds(10);
    private readonly Dictionary<Socket, int> _seen = [];

    public override void Add(Socket socket, bool onlyNew) => _seen[socket] = onlyNew ? 0 : -1;

    public override void Remove(Socket socket) => _seen.Remove(socket);

    public override void Wait(List<Socket> ready, TimeSpan timeout)
    {
        ready.Clear();
        var partial = false;
        foreach (var (socket, seen) in _seen)
        {
            // A socket with unread bytes is always readable: whether there are more of them is looked at by the clock.
            partial |= seen > 0;
            if (seen <= 0)
            {
                ready.Add(socket);
            }
        }

        Socket.Select(ready, null, null, partial && (timeout > PartialPeriod || timeout < TimeSpan.Zero) ? PartialPeriod : timeout);
        foreach (var socket in ready)
        {
            Note(socket);
        }

        foreach (var (socket, seen) in _seen)
        {
            if (seen > 0 && socket.Available != seen)
            {
                ready.Add(socket);
            }
        }

        ready.ForEach(Note);
    }

    public override void Dispose() => _seen.Clear();

    private void Note(Socket socket)
    {
        if (_seen[socket] >= 0)
        {
            _seen[socket] = socket.Available;
        }
    }
}
