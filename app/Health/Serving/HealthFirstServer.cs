using Candor.Health.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>
/// The server in front of the application, answering health paths and the management port itself, so that nothing of the
/// application's hosting (request logs, diagnostics, middleware) sees them. See docs/decisions/0101-probe-intercepting-listener.md.
/// </summary>
internal sealed class HealthFirstServer(IServer inner, AnswerHealth answer, ServerPorts ports) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        ports.KeepAddresses(inner.Features);
        try
        {
            await inner.StartAsync(new HealthFirstApplication<TContext>(application, answer), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw ports.Explain(exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
