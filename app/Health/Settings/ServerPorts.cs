using System.Net;
using Candor.Contract;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Candor.Health.Settings;

/// <summary>The two ports of the contract, beside the addresses that the app was given otherwise.</summary>
internal sealed class ServerPorts(HealthContract contract, ListenAddress address, IOptions<CandorOptions> options, IConfiguration configuration)
{
    private const string Urls = "urls";
    private KestrelServerOptions? _kestrel;
    private ListenOptions? _public;
    private ListenOptions? _management;

    /// <summary>The number of the management port; the one that the system chose once the server listens.</summary>
    public int Management => _management?.IPEndPoint is { Port: > 0 } bound ? bound.Port : contract.ManagementPort;

    /// <summary>True when the public port speaks HTTP/2 without TLS only, as a gRPC service's does: an ordinary probe is not understood there.</summary>
    public bool Http2Only => _public is { Protocols: HttpProtocols.Http2 };

    /// <summary>The public port as this process itself reaches it; null when it does not listen there, as in a test without sockets.</summary>
    public Uri? PublicAddress => _public?.IPEndPoint is { Port: > 0 } bound ? new($"http://{address.Reachable}:{bound.Port}") : null;

    /// <summary>The version of HTTP that the public port speaks.</summary>
    public Version PublicVersion => Http2Only ? HttpVersion.Version20 : HttpVersion.Version11;

    /// <summary>True when the endpoint is the one of the public port.</summary>
    public bool IsPublic(EndPoint endpoint) =>
        options.Value.DynamicPorts ? ReferenceEquals(endpoint, _public?.EndPoint) : endpoint is IPEndPoint ip && ip.Port == contract.Port;

    /// <summary>Adds the two ports.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.KeepAliveTimeout = contract.Balancer.KeepAlive;
        if (!options.Value.Listen)
        {
            return;
        }

        _kestrel = kestrel;
        var chosen = options.Value.DynamicPorts;
        kestrel.Listen(address.Address, chosen ? 0 : contract.Port, listen => _public = listen);

        // Probers and Prometheus speak HTTP/1.1, whatever the app's endpoints default to.
        kestrel.Listen(address.Address, chosen ? 0 : contract.ManagementPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            _management = listen;
        });
    }

    /// <summary>
    /// Listens on the addresses that the app was given otherwise (launchSettings, ASPNETCORE_URLS, --urls, UseUrls), which Kestrel drops
    /// when endpoints are set in code. ASPNETCORE_HTTP_PORTS and its like mean the same as the contract, and the contract decides.
    /// </summary>
    public void KeepAddresses(IFeatureCollection server)
    {
        if (_kestrel is not { } kestrel || server.Get<IServerAddressesFeature>() is not { } given)
        {
            return;
        }

        var byPorts = string.IsNullOrEmpty(configuration[Urls]);
        foreach (var text in given.Addresses.ToList())
        {
            var one = BindingAddress.Parse(text);
            if (!(byPorts && one.Host == "*") && one.Port != contract.Port && one.Port != contract.ManagementPort)
            {
                Listen(kestrel, one);
            }
        }

        given.Addresses.Clear();
    }

    /// <summary>An error for a port that is taken.</summary>
    public IOException Explain(IOException taken)
    {
        var port = taken.Message.Contains($":{contract.Port}:", StringComparison.Ordinal) ? "port"
            : taken.Message.Contains($":{contract.ManagementPort}:", StringComparison.Ordinal) ? "managementPort" : null;
        return port is null ? taken : new(
            $"{taken.Message.TrimEnd('.')}. It is the contract's {port}. Fix: end the process that listens there, or give this one another "
            + $"{port} in its contract ({ContractEnvironment.ContractVariable}, or the HealthContract given to AddCandor); a test sets CandorOptions.DynamicPorts.",
            taken.InnerException);
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress one)
    {
        void Https(ListenOptions listen)
        {
            if (one.Scheme == "https")
            {
                listen.UseHttps();
            }
        }

        if (one.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(one.UnixPipePath, Https);
        }
        else if (one.IsNamedPipe)
        {
            kestrel.ListenNamedPipe(one.NamedPipeName, Https);
        }
        else if (IPAddress.TryParse(one.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, one.Port, Https);
        }
        else if (one.Host != "localhost")
        {
            kestrel.ListenAnyIP(one.Port, Https);
        }
        else if (one.Port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0, Https);
        }
        else
        {
            kestrel.ListenLocalhost(one.Port, Https);
        }
    }
}
