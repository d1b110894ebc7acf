using System.Net;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Frameworks;

/// <summary>CORS: preflights and answers are as without health, and preflights are served requests.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://front.example";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Preflight_and_request_are_answered_for_the_origin_that_is_let_in_only(bool byEndpoint)
    {
        await using var app = await (await RunningApp.StartAsync(
            Beside.Quick,
            builder => builder.Services.AddCors(cors => cors.AddPolicy("front", policy => policy.WithOrigins(Origin).WithMethods("POST").AllowCredentials())),
            web =>
            {
                _ = byEndpoint ? web.UseCors() : web.UseCors("front");
                var orders = web.MapPost("/orders", () => "placed");
                _ = byEndpoint ? orders.RequireCors("front") : orders;
            })).StartedAsync();

        using var preflight = await SendAsync(app, HttpMethod.Options, "/orders", Origin, "POST");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(Origin, preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var order = await SendAsync(app, HttpMethod.Post, "/orders", Origin);
        Assert.Equal("placed", await order.Content.ReadAsStringAsync());
        Assert.Equal(Origin, order.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var stranger = await SendAsync(app, HttpMethod.Options, "/orders", "https://elsewhere.example", "POST");
        Assert.False(stranger.Headers.Contains("Access-Control-Allow-Origin"));
        using var probe = await SendAsync(app, HttpMethod.Get, "/health", "https://elsewhere.example");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        Assert.Equal("healthy", (await Beside.OperationAsync(app, "POST /orders")).Status);
    }

    private static Task<HttpResponseMessage> SendAsync(RunningApp app, HttpMethod method, string path, string origin, string? asksFor = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (asksFor is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asksFor);
        }

        return app.Public.SendAsync(request);
    }
}
