using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>Whether a port is free, and who holds it when it is not.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Makes sure that <paramref name="endpoint"/> can be listened on.</summary>
    /// <exception cref="LocalException">It cannot; the message names the process that holds it.</exception>
    public static void RequireFree(IPEndPoint endpoint, string purpose, string fix)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(1);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new LocalException($"{purpose} needs {endpoint}, which is in use by {Describe(endpoint)}. {fix}");
        }
        catch (SocketException e)
        {
            throw new LocalException($"{purpose} cannot listen on {endpoint}: {e.Message}. {fix}", e);
        }
    }

    /// <summary>The endpoint itself, or a free port of its address when another process listens on that port of every address.</summary>
    public static IPEndPoint FreeNear(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Bind(new IPEndPoint(endpoint.Address, 0));
        }

        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Who listens there, as <c>process 123 (command line)</c>.</summary>
    public static string Describe(IPEndPoint endpoint)
    {
        var inodes = Sockets("/proc/net/tcp").Concat(Sockets("/proc/net/tcp6"))
            .Where(s => s.Port == endpoint.Port && (
                s.Address.Equals(endpoint.Address) || s.Address.Equals(IPAddress.Any) || s.Address.Equals(IPAddress.IPv6Any)))
            .Select(s => $"socket:[{s.Inode}]")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var pid in inodes.Count == 0 ? [] : ProcFs.All())
        {
            if (Files(pid).Any(inodes.Contains))
            {
                return $"process {pid} ({ProcFs.CommandLine(pid)})";
            }
        }

        return inodes.Count == 0 ? "another process" : "a process of another user (run as root to see which)";
    }

    private static IEnumerable<(IPAddress Address, int Port, string Inode)> Sockets(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening)
            {
                var local = fields[1].Split(':');
                yield return (Parse(local[0]), int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[9]);
            }
        }
    }

    /// <summary>The kernel prints addresses as numbers of 32 bits in the machine's byte order.</summary>
    private static IPAddress Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var i = 0; i < bytes.Length; i += 4)
        {
            Array.Reverse(bytes, i, 4);
        }

        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static List<string> Files(int pid)
    {
        try
        {
            return [
                .. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(path => new FileInfo(path).LinkTarget ?? string.Empty)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
