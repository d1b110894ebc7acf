using Candor.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Candor.Health;

/// <summary>Makes the check of each dependency in the contract, on the app's own connections.</summary>
internal sealed class DependencyChecks : IDisposable
{
    private readonly Dictionary<string, IHealthCheck> _checks = new(StringComparer.Ordinal);
    private readonly List<NpgsqlPool> _pools = [];

    /// <exception cref="InvalidSettingException">The app has not registered a connection that the contract says it dials.</exception>
    public DependencyChecks(IServiceProvider services, HealthContract contract, IEnumerable<DependencyBreaker> breakers, HostLookup lookup, TimeProvider time)
    {
        var guarded = breakers.ToDictionary(breaker => breaker.Dependency, StringComparer.Ordinal);
        foreach (var dependency in contract.Dependencies)
        {
            var check = Make(services, dependency, contract.Watchdog, lookup, time);
            _checks[dependency.Name] = guarded.Remove(dependency.Name, out var breaker) ? new BreakerCheck(check, breaker) : check;
        }

        if (guarded.Keys.FirstOrDefault() is { } unknown)
        {
            throw new InvalidSettingException($"AddDependencyBreaker(\"{unknown}\")", $"\"{unknown}\"", $"the name of a dependency in the contract ({Names(contract)})", "Name the dependency as the contract does.");
        }
    }

    /// <summary>The pools that can be read.</summary>
    public IReadOnlyList<IPoolStatistics> Pools => _pools;

    /// <summary>The check of the dependency with that name.</summary>
    public IHealthCheck this[string name] => _checks[name];

    public void Dispose()
    {
        foreach (var pool in _pools)
        {
            pool.Dispose();
        }

        foreach (var check in _checks.Values.OfType<IDisposable>())
        {
            check.Dispose();
        }
    }

    private IHealthCheck Make(IServiceProvider services, Dependency dependency, WatchdogLimits limits, HostLookup lookup, TimeProvider time)
    {
        switch (dependency.Kind)
        {
            case DependencyKind.Postgres:
                var source = Find<NpgsqlDataSource>(services, dependency, "services.AddSingleton(NpgsqlDataSource.Create(...))");
                var pool = new NpgsqlPool(dependency.Name, source);
                _pools.Add(pool);
                return new PostgresCheck(source, pool, dependency.Timeout, limits.PoolWait, lookup, time);
            case DependencyKind.Redis:
                return new RedisCheck(services.GetKeyedService<RedisSource>(dependency.Name) ?? OfMultiplexer(Find<IConnectionMultiplexer>(services, dependency, "services.AddRedisSource(...)")));
            case DependencyKind.RabbitMq:
                return new RabbitMqCheck(services.GetKeyedService<RabbitMqSource>(dependency.Name) ?? OfConnection(services, dependency), dependency);
            default:
                return new HttpCheck(Find<HttpSource>(services, dependency, "services.AddHttpSource(...)"), lookup);
        }
    }

    private static RedisSource OfMultiplexer(IConnectionMultiplexer multiplexer) => new(_ => new(multiplexer));

    private static RabbitMqSource OfConnection(IServiceProvider services, Dependency dependency)
    {
        if (dependency.BacklogLimit is not null)
        {
            throw Missing(dependency, nameof(RabbitMqSource), "services.AddRabbitMqSource(...), which names the queue that the backlog limit is for");
        }

        var connection = Find<IConnection>(services, dependency, "services.AddRabbitMqSource(...)");
        return new(_ => new(connection), null);
    }

    private static T Find<T>(IServiceProvider services, Dependency dependency, string how)
        where T : class =>
        services.GetKeyedService<T>(dependency.Name) ?? services.GetService<T>() ?? throw Missing(dependency, typeof(T).Name, how);

    private static InvalidSettingException Missing(Dependency dependency, string type, string how) =>
        new($"The dependency \"{dependency.Name}\" ({dependency.Kind})", "not connected", $"a registered {type}, keyed \"{dependency.Name}\" or not keyed", $"Register it with {how}, or take the dependency out of the contract.");

    private static string Names(HealthContract contract) => string.Join(", ", contract.Dependencies.Select(dependency => dependency.Name));
}
