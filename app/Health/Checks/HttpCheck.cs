using System.Net;
using System.Net.Sockets;
using Candor.Health.Names;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>Asks another HTTP service for its address; 2xx and 3xx are well.</summary>
internal sealed class HttpCheck(HttpSource source, HostLookup lookup) : IHealthCheck, IDisposable
{
    private readonly HttpClient _client = source.Client ?? Own(lookup);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Address);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.StatusCode switch
        {
            < HttpStatusCode.BadRequest => HealthCheckResult.Healthy(),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => CheckResults.Failed(context, Reason.Authentication, $"answered {(int)response.StatusCode}"),
            _ => CheckResults.Failed(context, Reason.DependencyDown, $"answered {(int)response.StatusCode}"),
        };
    }

    public void Dispose() => _client.Dispose();

    private static HttpClient Own(HostLookup lookup)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = async (context, token) =>
                new NetworkStream(await lookup.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token).ConfigureAwait(false), ownsSocket: true),
        };
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
