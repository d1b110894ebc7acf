using System.Net;
using System.Net.Sockets;
using Candor.Contract;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Candor.Health;

/// <summary>Gives Kestrel the front door for the public port; every other port keeps Kestrel's own transport.</summary>
internal sealed class FrontDoorFactory(HealthContract contract, ProbeDesk desk, IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory logs)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint ip && ip.Port == contract.Port;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            var connections = new SocketConnectionContextFactory(new(), logs.CreateLogger<FrontDoor>());
            return new(new FrontDoor(socket, options.Value.Backlog, connections, desk, time));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }
}
