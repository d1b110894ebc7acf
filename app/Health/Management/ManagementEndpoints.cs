using System.Text;
using Candor.Contract;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Candor.Health.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Management;

/// <summary>The management port: full detail, metrics, drain, and the contract as loaded. Never behind the load balancer.</summary>
internal sealed class ManagementEndpoints(
    ContractEnvironment environment,
    HealthContract contract,
    HealthService health,
    PublicEndpoints endpoints,
    DrainEndpoint drain,
    MetricsWriter metrics,
    ServerPorts ports,
    ManagementToken token)
{
    private const string Json = "application/json";
    private readonly string _hash = environment.Hash;

    /// <summary>Answers everything that comes to the management port; null, untouched, for a request to another port.</summary>
    public Task? TryAnswer(IFeatureCollection features) =>
        PortOf(features) == ports.Management ? AnswerAsync(features, features.Get<IHttpRequestFeature>()!) : null;

    // Without a connection the request comes from a test in this process, and the port is that of the address it asks.
    private static int? PortOf(IFeatureCollection features) => features.Get<IHttpConnectionFeature>() is { } connection
        ? connection.LocalPort
        : HostString.FromUriComponent(features.Get<IHttpRequestFeature>()!.Headers.Host.ToString()).Port;

    private async Task AnswerAsync(IFeatureCollection features, IHttpRequestFeature request)
    {
        var (answer, type) = request.Method is not ("GET" or "HEAD") && token.Refuses(features, request) is { } refusal
            ? (Text(refusal.Status, refusal.Json), Json)
            : await OfAsync(request.Path, request.Method, request.QueryString).ConfigureAwait(false);
        await ResponseWriter.WriteAsync(features, answer, _hash, close: false, type).ConfigureAwait(false);
    }

    private async Task<(Answer Answer, string Type)> OfAsync(string path, string method, string query)
    {
        var reads = method is "GET" or "HEAD";
        switch (path)
        {
            case "/drain" when reads:
                return (drain.Read(), Json);
            case "/drain" when method == "POST":
                return (drain.Begin(), Json);
            case "/metrics" when reads:
                await health.AskAsync(Scope.Full).ConfigureAwait(false);
                return (Text(200, metrics.Write()), MetricsWriter.ContentType);
            case "/contract" when reads:
                return (Text(200, environment.Text), Json);
            case "/drain" or "/metrics" or "/contract":
                return (Text(405, """{"error":"the method is not known here"}"""), Json);
        }

        return HealthPathMatch.Of(contract.Paths, path) switch
        {
            HealthPath.Readiness when reads => (await DetailAsync(query).ConfigureAwait(false), Json),
            HealthPath.Liveness or HealthPath.Startup when reads => (endpoints.FromMemory(HealthPathMatch.Of(contract.Paths, path)), Json),
            _ => (Text(404, $$"""{"error":"not found","paths":["/metrics","/drain","/contract","{{contract.Paths.Readiness}}"]}"""), Json),
        };
    }

    private async Task<Answer> DetailAsync(string query)
    {
        if (ScopeQuery.Of(query) is not { } scope)
        {
            return Text(400, """{"error":"the scope is not known; expected ?scope=local, or none"}""");
        }

        var verdict = await health.AskAsync(scope).ConfigureAwait(false);
        return AnswerWriter.Full(verdict, health.Age(verdict), TagOf(query));
    }

    private static string? TagOf(string query) =>
        query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("tag=", StringComparison.Ordinal)) is { } pair ? Uri.UnescapeDataString(pair[4..]) : null;

    private static Answer Text(int status, string text) => new(status, [.. Encoding.UTF8.GetBytes(text)]);
}
