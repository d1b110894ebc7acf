using Candor.Health.Management;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>
/// The server in front of the application, answering health paths and the management port itself, so that nothing of the
/// application's hosting (request logs, diagnostics, middleware) sees them. See docs/decisions/0101-probe-intercepting-listener.md.
/// </summary>
internal sealed class HealthFirstServer(IServer inner, PublicEndpoints endpoints, ManagementEndpoints management) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        inner.StartAsync(new HealthFirstApplication<TContext>(application, endpoints, management), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
