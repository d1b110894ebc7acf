using System.Net;
using System.Net.Sockets;

namespace Candor.Testing.Network;

/// <summary>Ports for the servers that tests start.</summary>
public static class FreePort
{
    // Below the range from which the kernel takes the ports of outgoing connections: a port found free there stays free longer.
    private const int Lowest = 15_000;
    private const int Highest = 32_000;

    /// <summary>
    /// A port on which nobody listens just now. Another process may still be faster, so starting a server is tried again.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
            }
        }
    }
}
