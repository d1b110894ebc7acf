using Candor.Contract;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Candor.Health.Setup;

/// <summary>What must hold before the app starts: its second line, no route and no check in the way, a server that answers health.</summary>
internal sealed class MappingGuard(
    HealthContract contract,
    IServer server,
    IOptions<CandorOptions> candor,
    IOptions<HealthCheckServiceOptions> checks,
    IHostLifetime lifetime,
    ILogger<MappingGuard> log) : IHostedService
{
    // What MapHealthChecks names its endpoints.
    private const string HealthChecks = "Health checks";

    /// <summary>The app's routes, once <c>MapCandor</c> was called.</summary>
    public IEndpointRouteBuilder? Endpoints { get; set; }

    /// <exception cref="InvalidSettingException"><c>MapCandor</c> was not called, or something of the app is in the way.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Endpoints is null)
        {
            throw new InvalidSettingException("MapCandor()", "not called", "app.MapCandor() before app.Run()", "Call it: without it no probe is answered.");
        }

        var routes = Endpoints.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        if (routes.FirstOrDefault(IsHidden) is { } hidden)
        {
            throw hidden.DisplayName == HealthChecks ? Clash(hidden) : new InvalidSettingException(
                $"The route {hidden.RoutePattern.RawText}", "mapped by the app", "a path that is not one of the contract's health paths", "Map it elsewhere, or change the contract's paths.");
        }

        if (server is not HealthFirstServer && !InMemory(server))
        {
            log.ServerReplaced(server.GetType().Name);
        }

        if (candor.Value.Lifetime && !InMemory(server) && lifetime.GetType().Assembly != typeof(MappingGuard).Assembly)
        {
            log.LifetimeReplaced(lifetime.GetType().Name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidSettingException">Two checks have one name.</exception>
    public void CheckNames()
    {
        if (checks.Value.Registrations.GroupBy(check => check.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            var dependency = contract.Dependencies.Any(one => one.Name.Equals(twice.Key, StringComparison.OrdinalIgnoreCase));
            throw new InvalidSettingException(
                $"The health check \"{twice.Key}\"",
                $"registered {twice.Count()} times",
                dependency ? "one check of that name, and the contract's dependency has it" : "one check of that name",
                dependency ? "Remove the app's own AddCheck, which Candor's replaces, or rename it or the dependency." : "Rename one of them.");
        }
    }

    private static InvalidSettingException Clash(RouteEndpoint hidden) => new(
        $"The route {hidden.RoutePattern.RawText}",
        "mapped by MapHealthChecks (in an Aspire project by MapDefaultEndpoints)",
        "a path that is not one of the contract's health paths: Candor answers them itself, with the checks that are registered",
        $"Remove MapHealthChecks(\"{hidden.RoutePattern.RawText}\"), or give it another path, or change the contract's paths.");

    // By name: the package of the test server is not ours to depend on.
    private static bool InMemory(IServer server) => server.GetType().FullName == "Microsoft.AspNetCore.TestHost.TestServer";

    private bool IsHidden(RouteEndpoint route) =>
        route.RoutePattern.Parameters.Count == 0
        && HealthPathMatch.Of(contract.Paths, "/" + route.RoutePattern.RawText?.Trim('/')) != HealthPath.None;
}
