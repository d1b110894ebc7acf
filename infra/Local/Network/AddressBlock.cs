using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>
/// The addresses of one run: a block 127.x.0.0/16 of its own. Who listens on its first address owns it, so that two runs at once
/// never share one and a block is free again when its owner exits.
/// </summary>
internal sealed class AddressBlock : IDisposable
{
    private const int ClaimPort = 4000;
    private const int First = 16;
    private const int Last = 250;
    private readonly Socket _claim;
    private int _next;
    private int _nextLink;

    private AddressBlock(int number, Socket claim)
    {
        Number = number;
        _claim = claim;
    }

    /// <summary>The x of 127.x.0.0/16.</summary>
    public int Number { get; }

    /// <summary>Takes a free block, beginning with the one that <paramref name="seed"/> prefers.</summary>
    /// <exception cref="LocalException">Every block is taken.</exception>
    public static AddressBlock Claim(int seed)
    {
        const int Count = Last - First + 1;
        for (var i = 0; i < Count; i++)
        {
            var number = First + (((seed % Count) + Count + i) % Count);
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(Address(number, 0, 1), ClaimPort));
                socket.Listen(1);
                return new AddressBlock(number, socket);
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        throw new LocalException(
            $"No free address block in 127.{First}.0.0 to 127.{Last}.255.255: {Count} other runs hold them all. End some with ./candor "
                + "down.");
    }

    /// <summary>The next address for a pod.</summary>
    public IPAddress NextPod()
    {
        // 250 per third number; a run that restarts pods for ever comes back to addresses long free.
        var index = _next++ % (250 * 50);
        return Address(Number, 1 + (index / 250), 2 + (index % 250));
    }

    /// <summary>The next address for a way from a pod to a Service.</summary>
    public IPAddress NextLink()
    {
        var index = _nextLink++ % (250 * 50);
        return Address(Number, 150 + (index / 250), 2 + (index % 250));
    }

    /// <summary>An address of the upper half, which no pod gets.</summary>
    public IPAddress Special(int group, int index) => Address(Number, 100 + group, index);

    /// <inheritdoc />
    public void Dispose() => _claim.Dispose();

    private static IPAddress Address(int second, int third, int fourth) => new([127, (byte)second, (byte)third, (byte)fourth]);
}
