using System.Net;
using System.Net.Sockets;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Candor.Health.Liveness;

/// <summary>Gives Kestrel the probe-intercepting listener for the public port; every other port keeps Kestrel's own transport.</summary>
internal sealed class ProbeListenerFactory(
    ServerPorts ports,
    IOptions<CandorOptions> candor,
    OffPoolProbeResponder responder,
    ServerConnections open,
    IOptions<ProbeListenerOptions> options,
    IOptions<SocketTransportOptions> transport,
    TimeProvider time,
    ILoggerFactory logs)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => candor.Value.ProbeInterception && ports.IsPublic(endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var sockets = transport.Value;
            var connections = new SocketConnectionContextFactory(Options(sockets), logs.CreateLogger<ProbeListener>());
            return new(new ProbeListener(sockets.CreateBoundListenSocket(endpoint), connections, sockets, options.Value, responder, open, ports, time));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    // Kestrel's own transport copies the same, by a constructor that is not public.
    private static SocketConnectionFactoryOptions Options(SocketTransportOptions transport) => new()
    {
        IOQueueCount = transport.IOQueueCount,
        WaitForDataBeforeAllocatingBuffer = transport.WaitForDataBeforeAllocatingBuffer,
        MaxReadBufferSize = transport.MaxReadBufferSize,
        MaxWriteBufferSize = transport.MaxWriteBufferSize,
        UnsafePreferInlineScheduling = transport.UnsafePreferInlineScheduling,
    };
}
