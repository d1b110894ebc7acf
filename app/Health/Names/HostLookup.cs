using System.Net;
using System.Net.Sockets;

namespace Candor.Health.Names;

/// <summary>
/// Looks up host names for as long as it takes, on a thread of its own for each name, one lookup of a name at a time. A name server
/// that does not answer then costs a thread that nothing else needs.
/// </summary>
/// <remarks>
/// On Linux .NET asks the C library, which blocks a thread of the pool until its own time-out (5 s an attempt, two attempts a name
/// server: <see href="https://man7.org/linux/man-pages/man5/resolv.conf.5.html">resolv.conf</see>). Who gives up waiting earlier and asks
/// again blocks another one; with a silent name server and two cores, an optional dependency takes the whole service with it.
/// </remarks>
public sealed class HostLookup
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<IPAddress[]>> _asking = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, IPAddress[]> _ask;

    /// <summary>Asks the system's resolver.</summary>
    public HostLookup()
        : this(Dns.GetHostAddresses)
    {
    }

    internal HostLookup(Func<string, IPAddress[]> ask) => _ask = ask;

    /// <summary>
    /// The addresses of a host; at once when it is an address already. Nothing is remembered: how long an answer holds is for the
    /// resolver to report.
    /// </summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="token">Lets go of the wait, not of the lookup, which later callers share.</param>
    /// <exception cref="SocketException">The name is unknown, or no name server answers.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Task<IPAddress[]> FindAsync(string host, CancellationToken token)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (IPAddress.TryParse(host, out var address))
        {
            return Task.FromResult<IPAddress[]>([address]);
        }

        lock (_gate)
        {
            if (!_asking.TryGetValue(host, out var asking))
            {
                _asking[host] = asking = Task.Factory.StartNew(() => Ask(host), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            return asking.WaitAsync(token);
        }
    }

    /// <summary>A TCP connection to the first address of a host that takes one.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="token">Ends the attempt.</param>
    /// <exception cref="SocketException">The name is unknown, no name server answers, or no address takes a connection.</exception>
    /// <exception cref="OperationCanceledException">The attempt was ended.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken token)
    {
        var addresses = await FindAsync(host, token).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, token).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private IPAddress[] Ask(string host)
    {
        try
        {
            return _ask(host);
        }
        finally
        {
            lock (_gate)
            {
                _asking.Remove(host);
            }
        }
    }
}
