using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Candor.Benchmarks.Rollout;

/// <summary>
/// The articles' own way: plain ASP.NET Core, the built-in health checks, the default shutdown. It stands behind the same balancer
/// and is rolled the same way, so that the numbers beside it mean something.
/// </summary>
internal static class ArticleApp
{
    /// <summary>Serves until SIGTERM.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddHealthChecks();
        var address = IPAddress.Parse(Environment.GetEnvironmentVariable("CANDOR_BIND") ?? "0.0.0.0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 8080));
        var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/healthz");
        app.MapHealthChecks("/startupz");
        app.MapGet("/orders", () => Results.Ok(Array.Empty<object>()));
        app.MapPost("/orders", (Order order) => Results.Created($"/orders/{order.Item}", order));
        await app.RunAsync();
        return 0;
    }

    private sealed record Order(string Item, int Quantity);
}
