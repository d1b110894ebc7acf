using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Candor.Orders.Api;

/// <summary>What one instance lets clients hold: many slow ones at once must leave room for the others, and for probes.</summary>
public static class ServerLimits
{
    /// <summary>
    /// Connections at a time. Behind a balancer each of its nodes keeps some hundred; a connection costs about 10 KB, so 5,000 of them fit
    /// beside the service into its memory. Probes and the management port do not count.
    /// </summary>
    public const long Connections = 5000;

    // A balancer sends the whole head at once; 10 s are enough for any other client.
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(10);

    /// <summary>Sets the server's limits.</summary>
    public static void AddServerLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(Limit);

    private static void Limit(KestrelServerOptions server)
    {
        server.Limits.MaxConcurrentConnections = Connections;
        server.Limits.MaxConcurrentUpgradedConnections = 0;
        server.Limits.RequestHeadersTimeout = Head;
    }
}
