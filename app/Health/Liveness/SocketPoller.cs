using System.Net.Sockets;

namespace Candor.Health.Liveness;

/// <summary>
/// Waits until one of many sockets has something new to read, on the calling thread and without the thread pool. On Linux by epoll,
/// whose cost does not depend on how many sockets wait; elsewhere by <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, TimeSpan)"/>.
/// </summary>
internal abstract class SocketPoller : IDisposable
{
    /// <summary>The poller for this operating system.</summary>
    public static SocketPoller Create() => OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();

    /// <summary>Watches a socket until it is removed or disposed of.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="onlyNew">True to report it once for everything that arrives; false to report it for as long as something can be read.</param>
    public abstract void Add(Socket socket, bool onlyNew);

    /// <summary>Watches it no more. Must be called before the socket is disposed of or given away.</summary>
    public abstract void Remove(Socket socket);

    /// <summary>Adds to <paramref name="ready"/> the sockets that can be read, after at most <paramref name="timeout"/>.</summary>
    /// <param name="ready">Is cleared first.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    public abstract void Wait(List<Socket> ready, TimeSpan timeout);

    public abstract void Dispose();
}
