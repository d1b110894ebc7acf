using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Candor.Health.Liveness;

/// <summary>Linux's epoll (<see href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</see>): a wait costs as much as there are ready sockets.</summary>
internal sealed partial class EpollPoller : SocketPoller
{
    private const int Batch = 256;
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int ControlRemove = 2;
    private const uint In = 0x001;
    private const uint PeerClosed = 0x2000;
    private const uint EdgeTriggered = 1u << 31;

    // struct epoll_event { uint32_t events; epoll_data_t data; } is packed on x86-64, and on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly Dictionary<int, Socket> _sockets = [];
    private readonly byte[] _events = new byte[Batch * EventSize];
    private readonly SafeFileHandle _epoll;

    public EpollPoller()
    {
        var descriptor = Create(CloseOnExec);
        _epoll = descriptor >= 0 ? new((nint)descriptor, ownsHandle: true) : throw new Win32Exception();
    }

    public override void Add(Socket socket, bool onlyNew)
    {
        var descriptor = DescriptorOf(socket);
        Span<byte> wanted = stackalloc byte[16];
        wanted.Clear();
        MemoryMarshal.Write(wanted, In | PeerClosed | (onlyNew ? EdgeTriggered : 0));
        MemoryMarshal.Write(wanted[DataOffset..], (long)descriptor);
        if (Control(_epoll, ControlAdd, descriptor, ref wanted[0]) != 0)
        {
            throw new Win32Exception();
        }

        _sockets[descriptor] = socket;
    }

    public override void Remove(Socket socket)
    {
        var descriptor = DescriptorOf(socket);
        if (_sockets.Remove(descriptor))
        {
            Span<byte> ignored = stackalloc byte[16];
            _ = Control(_epoll, ControlRemove, descriptor, ref ignored[0]);
        }
    }

    public override void Wait(List<Socket> ready, TimeSpan timeout)
    {
        ready.Clear();
        var milliseconds = timeout < TimeSpan.Zero ? -1 : (int)Math.Ceiling(timeout.TotalMilliseconds);

        // A signal ends the wait early, with an error; the caller looks again.
        var count = Wait(_epoll, ref _events[0], Batch, milliseconds);
        for (var index = 0; index < count; index++)
        {
            var descriptor = (int)MemoryMarshal.Read<long>(_events.AsSpan((index * EventSize) + DataOffset));
            if (_sockets.TryGetValue(descriptor, out var socket))
            {
                ready.Add(socket);
            }
        }
    }

    public override void Dispose() => _epoll.Dispose();

    private static int DescriptorOf(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle epoll, int operation, int descriptor, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Wait(SafeFileHandle epoll, ref byte events, int maximum, int timeout);
}
