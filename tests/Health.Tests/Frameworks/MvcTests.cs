using System.Net;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Frameworks;

/// <summary>Controllers, routed by convention and by attribute: each action is an operation.</summary>
public sealed class MvcTests
{
    [Theory]
    [InlineData("/", "GET /Front/Index/{id?}")]
    [InlineData("/front/broken/7", "GET /Front/Broken/{id?}")]
    [InlineData("/api/tea/7", "GET /api/tea/{id}")]
    [InlineData("/api/tea/broken", "GET /api/tea/broken")]
    public async Task Action_is_an_operation_of_its_own_and_its_failures_are_nobody_elses(string path, string operation)
    {
        var broken = path.Contains("broken", StringComparison.Ordinal);
        await using var app = await (await RunningApp.StartAsync(
            Beside.Quick,
            builder => builder.Services.AddControllersWithViews().AddApplicationPart(typeof(FrontController).Assembly),
            web =>
            {
                web.MapControllers();
                web.MapControllerRoute("default", "{controller=Front}/{action=Index}/{id?}");
            })).StartedAsync();

        Assert.Equal("front", await app.Public.GetStringAsync("/"));
        await Beside.UntilAsync(app, broken ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, async () =>
        {
            using var answer = await app.Public.GetAsync(path);
            Assert.Equal(broken ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, answer.StatusCode);
        });

        Assert.Equal(broken ? ("failing", "error ratio") : ("healthy", null), await Beside.OperationAsync(app, operation));
        Assert.Equal("healthy", (await Beside.OperationAsync(app, "GET /Front/Index/{id?}")).Status);
    }
}

/// <summary>Routed by convention.</summary>
public sealed class FrontController : Controller
{
    /// <summary>An action.</summary>
    public IActionResult Index() => Content("front");

    /// <summary>A bug.</summary>
    public IActionResult Broken() => throw new InvalidOperationException($"A bug in {Request.Path}.");
}

/// <summary>Routed by attribute.</summary>
[ApiController]
[Route("api/tea")]
public sealed class TeaController : ControllerBase
{
    /// <summary>An action.</summary>
    [HttpGet("{id}")]
    public IActionResult Get(string id) => Ok(id);

    /// <summary>A bug.</summary>
    [HttpGet("broken")]
    public IActionResult Broken() => throw new InvalidOperationException($"A bug in {Request.Path}.");
}
