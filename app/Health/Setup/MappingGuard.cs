using Candor.Contract;
using Candor.Health.Serving;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Candor.Health.Setup;

/// <summary>Whether the app wrote its second line, and whether its own routes get in the way of the health paths.</summary>
internal sealed class MappingGuard(HealthContract contract) : IHostedService
{
    /// <summary>The app's routes, once <c>MapCandor</c> was called.</summary>
    public IEndpointRouteBuilder? Endpoints { get; set; }

    /// <exception cref="InvalidSettingException"><c>MapCandor</c> was not called, or a route of the app hides behind a health path.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Endpoints is null)
        {
            throw new InvalidSettingException("MapCandor()", "not called", "app.MapCandor() before app.Run()", "Call it: without it no probe is answered.");
        }

        var routes = Endpoints.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        if (routes.FirstOrDefault(IsHidden) is { } hidden)
        {
            throw new InvalidSettingException($"The route {hidden.RoutePattern.RawText}", "mapped by the app", "a path that is not one of the contract's health paths", "Map it elsewhere, or change the contract's paths.");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsHidden(RouteEndpoint route) =>
        route.RoutePattern.Parameters.Count == 0
        && HealthPathMatch.Of(contract.Paths, "/" + route.RoutePattern.RawText?.Trim('/')) != HealthPath.None;
}
