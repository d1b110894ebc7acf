using System.Net;
using System.Net.Sockets;
using Candor.Testing.Servers;

namespace Candor.Testing.Network;

/// <summary>A name server that takes questions and answers none, for processes that are started with it. Needs root.</summary>
public sealed class SilentNameServer : IDisposable
{
    private readonly UdpClient _socket;
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private SilentNameServer(UdpClient socket)
    {
        _socket = socket;
        File.WriteAllText(Settings, $"nameserver {((IPEndPoint)socket.Client.LocalEndPoint!).Address}\n");
    }

    private string Settings => Path.Combine(_directory.Path, "resolv.conf");

    /// <summary>Starts one on an address of its own.</summary>
    public static SilentNameServer Start()
    {
        while (true)
        {
            try
            {
                return new(new(
                    new IPEndPoint(new IPAddress([127, 53, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)]), 53)));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }

    /// <summary>The command that runs <paramref name="command"/>, as the same process, with this as its only name server.</summary>
    public string[] Before(string[] command) =>
        [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--",
            "sh",
            "-c",
            "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
            Settings,
            .. command,
        ];

    /// <inheritdoc />
    public void Dispose()
    {
        _socket.Dispose();
        _directory.Dispose();
    }
}
