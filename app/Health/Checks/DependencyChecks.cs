using Candor.Contract;
using Candor.Health.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>Makes the check of each dependency in the contract, on the app's own connections.</summary>
internal sealed class DependencyChecks : IDisposable
{
    private readonly Dictionary<string, IHealthCheck> _checks = new(StringComparer.Ordinal);
    private readonly List<IHealthCheck> _made = [];

    /// <exception cref="InvalidSettingException">The app has not registered a connection that the contract names.</exception>
    public DependencyChecks(IServiceProvider services, HealthContract contract, IEnumerable<IDependencyBreaker> breakers, IEnumerable<IDependencyKind> kinds)
    {
        var guarded = breakers.GroupBy(breaker => breaker.Dependency, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var dependency in contract.Dependencies)
        {
            var kind = kinds.LastOrDefault(kind => kind.Kind == dependency.Kind) ?? throw UnknownKind(dependency, kinds);
            var check = kind.CreateCheck(dependency, services);
            _made.Add(check);
            _checks[dependency.Name] = guarded.Remove(dependency.Name, out var breaker) ? new BreakerCheck(check, breaker) : check;
        }

        if (guarded.Keys.FirstOrDefault() is { } unknown)
        {
            throw new InvalidSettingException($"AddDependencyBreaker(\"{unknown}\")", $"\"{unknown}\"", $"the name of a dependency in the contract ({Names(contract)})", "Name the dependency as the contract does.");
        }

        Pools = [.. _made.OfType<IPoolStatistics>()];
    }

    /// <summary>The pools that can be read.</summary>
    public IReadOnlyList<IPoolStatistics> Pools { get; }

    /// <summary>The check of the dependency with that name.</summary>
    public IHealthCheck this[string name] => _checks[name];

    public void Dispose()
    {
        foreach (var check in _made.OfType<IDisposable>())
        {
            check.Dispose();
        }
    }

    private static InvalidSettingException UnknownKind(Dependency dependency, IEnumerable<IDependencyKind> kinds) => new(
        $"The dependency \"{dependency.Name}\"",
        $"of kind \"{dependency.Kind}\"",
        $"a kind that has a check ({string.Join(", ", kinds.Select(kind => kind.Kind).Distinct().Order(StringComparer.Ordinal))})",
        dependency.Kind switch
        {
            DependencyKind.Postgres => Add("Candor.Health.Postgres", "AddCandorPostgres"),
            DependencyKind.Redis => Add("Candor.Health.Redis", "AddCandorRedis"),
            DependencyKind.RabbitMq => Add("Candor.Health.RabbitMq", "AddCandorRabbitMq"),
            _ => "Register a check for it with services.AddDependencyKind<T>(), or correct the kind in the contract.",
        });

    private static string Add(string package, string method) => $"Add the package {package} and call services.{method}().";

    private static string Names(HealthContract contract) => string.Join(", ", contract.Dependencies.Select(dependency => dependency.Name));
}
