using System.Net.Sockets;

namespace Candor.Health.Liveness;

/// <summary>Connections whose request has not arrived yet, the oldest first. Every operation takes the same time, however many there are.</summary>
internal sealed class PendingConnections(SocketPoller poller)
{
    private readonly Dictionary<Socket, LinkedListNode<PendingConnection>> _bySocket = [];
    private readonly LinkedList<PendingConnection> _byAge = [];

    public int Count => _bySocket.Count;

    /// <summary>The one that has waited longest; null when there is none.</summary>
    public PendingConnection? Oldest => _byAge.First?.Value;

    public void Add(PendingConnection connection)
    {
        poller.Add(connection.Socket, onlyNew: true);
        _bySocket.Add(connection.Socket, _byAge.AddLast(connection));
    }

    public bool Contains(Socket socket) => _bySocket.ContainsKey(socket);

    /// <summary>Takes it out, to be answered, given to the server or closed.</summary>
    public void Remove(Socket socket)
    {
        if (_bySocket.Remove(socket, out var node))
        {
            poller.Remove(socket);
            _byAge.Remove(node);
        }
    }
}

/// <summary>One of them.</summary>
/// <param name="Socket">The accepted socket.</param>
/// <param name="Since">The clock's timestamp when it was accepted.</param>
internal sealed record PendingConnection(Socket Socket, long Since);
