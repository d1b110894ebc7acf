using Candor.Contract;
using Candor.Health.Operations;
using Candor.Testing.Time;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Candor.Health.Tests.Operations;

/// <summary>Which operation a request is one of.</summary>
public sealed class OperationRegistryTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("/orders/{id}", "GET", "read-order")]
    [InlineData("orders/{order:guid}/", "get", "read-order")]
    [InlineData("/orders", "POST", "place-order")]
    [InlineData("/Orders/", "POST", "place-order")]
    [InlineData("/orders", "GET", "GET /orders")]
    public void Route_is_the_listed_operation_however_it_is_spelt(string template, string method, string name)
    {
        var registry = Registry(new()
        {
            Operations = [new() { Name = "read-order", Route = "GET /orders/{id}" }, new() { Name = "place-order", Route = "POST /orders" }],
        });

        Assert.Equal(name, registry.Of(Route(template), method).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unlisted_route_is_critical_only_when_the_contract_lists_none(bool lists)
    {
        var registry = Registry(new() { Operations = lists ? [new() { Name = "a", Route = "GET /a" }] : [] });

        registry.Of(Route("/b"), "GET");

        Assert.Equal(!lists, registry.Read().Single(operation => operation.Name == "GET /b").Critical);
    }

    [Fact]
    public void Clients_cannot_make_operations()
    {
        var registry = Registry(new());
        var route = Route("/a");
        for (var request = 0; request < 10_000; request++)
        {
            Assert.Same(registry.Unmatched, registry.Of(null, "GET"));
            registry.Of(route, $"METHOD{request}");
            registry.Of(Route($"/made{request}"), "GET");
        }

        Assert.InRange(registry.All.Count, 1, OperationRegistry.Limit);
        Assert.DoesNotContain(registry.Read(), operation => operation.Name == Operation.Unmatched);
    }

    private OperationRegistry Registry(HealthContract contract) => new(contract, new([]), _time, _time);

    private static RouteEndpoint Route(string template) => new(_ => Task.CompletedTask, RoutePatternFactory.Parse(template), 0, null, null);
}
