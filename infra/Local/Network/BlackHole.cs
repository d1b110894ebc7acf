using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>
/// An address that is silent, as behind a firewall that drops: no answer, no refusal. It listens and never accepts, and once the
/// kernel's queue is full, the kernel drops every further request to connect. No root is needed.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fill = [];

    /// <summary>Silences <paramref name="endpoint"/> until disposed.</summary>
    public BlackHole(IPEndPoint endpoint)
    {
        Endpoint = endpoint;
        try
        {
            _listener.Bind(endpoint);
            _listener.Listen(0);
        }
        catch (SocketException)
        {
            _listener.Dispose();
            throw;
        }

        // A queue of 0 holds one; the second fills what a kernel of another opinion leaves.
        for (var i = 0; i < 2; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fill.Add(filler);
            try
            {
                filler.Connect(endpoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It connects, or it never will; both are right.
            }
        }
    }

    /// <summary>An endpoint that never answers.</summary>
    public IPEndPoint Endpoint { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var filler in _fill)
        {
            filler.Dispose();
        }

        _listener.Dispose();
    }
}
