using System.Net;
using Candor.Health.Liveness;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Candor.Health.Setup;

/// <summary>The server of an app that has none of its own, such as a worker: it answers health and management, and nothing else.</summary>
internal sealed class StandaloneServer(
    IServiceProvider services,
    AnswerHealth answerHealth,
    ServerPorts ports,
    ServerConnections open,
    ProbeListenerFactory probes,
    IOptions<SocketTransportOptions> transport,
    ILoggerFactory logs) : IHostedService, IDisposable
{
    private KestrelServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { ApplicationServices = services };
        ports.Listen(options);
        open.TakeLimit(options.Limits);
        _server = new(Options.Create(options), new Listeners(probes, new SocketTransportFactory(transport, logs)), logs);
        try
        {
            await _server.StartAsync(new Application(answerHealth), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw ports.Explain(exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    private sealed class Listeners(ProbeListenerFactory probes, SocketTransportFactory sockets) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            probes.CanBind(endpoint) ? probes.BindAsync(endpoint, cancellationToken) : sockets.BindAsync(endpoint, cancellationToken);
    }

    private sealed class Application(AnswerHealth answerHealth) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context)
        {
            if (answerHealth(context) is { } answer)
            {
                return answer;
            }

            context.GetRequiredFeature<IHttpResponseFeature>().StatusCode = 404;
            return Task.CompletedTask;
        }

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
            // The context is the server's own.
        }
    }
}
