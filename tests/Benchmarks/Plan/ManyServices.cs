using System.Text.Json;
using Candor.Planning;

namespace Candor.Benchmarks;

/// <summary>A stack with any number of services behind one balancer.</summary>
internal static class ManyServices
{
    /// <summary>The settings with so many services in all, each beside the main one with paths and a contract of its own.</summary>
    internal static StackSettings Settings(StackSettings settings, int services)
    {
        var further = Enumerable.Range(1, services - 1).Select(number => new
        {
            name = $"service-{number}",
            image = $"ghcr.io/example/service-{number}:1.0.0",
            paths = new[] { $"/service-{number}/*" },
            health = new { balancer = new { interval = number % 2 == 0 ? "10s" : "7s" } },
        });
        return settings with
        {
            Config = new SortedDictionary<string, string>(settings.Config.ToDictionary(), StringComparer.Ordinal)
            {
                ["candor:services"] = JsonSerializer.Serialize(further),
            },
        };
    }
}
