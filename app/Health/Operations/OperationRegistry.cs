using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Candor.Health.Operations;

/// <summary>
/// Every operation of the app: the listed ones, and one for each other route and method that was asked for. Their number is bounded by the routes that the app maps,
/// and by <see cref="Limit"/>; what matches no route is one operation, so that clients cannot make more.
/// </summary>
internal sealed class OperationRegistry : IBackgroundOperations
{
    /// <summary>The most operations; routes beyond it share the one for what matches no route.</summary>
    public const int Limit = 1000;

    private readonly ConditionalWeakTable<Endpoint, RouteOperation?[]> _byEndpoint = [];
    private readonly ConcurrentDictionary<string, RouteOperation> _byRoute = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BackgroundOperation> _background = new(StringComparer.Ordinal);
    private readonly HealthContract _contract;
    private readonly TimeProvider _active;
    private readonly TimeProvider _time;
    private readonly RouteOperation _unmatched;
    private ImmutableList<IOperation> _all = [];

    public OperationRegistry(HealthContract contract, FailureReason reasons, TimeProvider active, TimeProvider time)
    {
        _contract = contract;
        _active = active;
        _time = time;
        foreach (var operation in contract.Operations)
        {
            if (operation.Route is { } route)
            {
                Add(RouteName.Normal(route), operation);
            }
            else
            {
                var background = new BackgroundOperation(operation, contract, reasons, active, time);
                _background.Add(operation.Name, background);
                _all = _all.Add(background);
            }
        }

        _unmatched = new(new() { Name = Operation.Unmatched, Critical = false }, judged: false, contract, active, time);
    }

    /// <summary>Every operation, the listed ones first.</summary>
    public IReadOnlyList<IOperation> All => Volatile.Read(ref _all);

    /// <summary>Requests that match no route.</summary>
    public RouteOperation Unmatched => _unmatched;

    /// <summary>The operations that are routes.</summary>
    public IEnumerable<RouteOperation> Routes => All.OfType<RouteOperation>();

    /// <summary>True while something about any operation is wrong, or may be.</summary>
    public bool IsSuspicious => All.Any(operation => operation.IsSuspicious);

    /// <summary>The operation that a request is one of.</summary>
    /// <param name="endpoint">The endpoint that the request was first routed to.</param>
    /// <param name="method">Its method.</param>
    public RouteOperation Of(Endpoint? endpoint, string method)
    {
        if (endpoint is not RouteEndpoint route)
        {
            return _unmatched;
        }

        var index = RouteName.MethodIndex(method);
        var operations = _byEndpoint.GetValue(endpoint, static _ => new RouteOperation?[RouteName.MethodCount]);
        return Volatile.Read(ref operations[index]) ?? (operations[index] = OfRoute(RouteName.Of(index, route.RoutePattern)));
    }

    /// <summary>The operation of a route as the contract writes it.</summary>
    public RouteOperation OfRoute(string route) =>
        _byRoute.TryGetValue(RouteName.Normal(route), out var known) ? known
        : _byRoute.Count >= Limit ? _unmatched
        : Add(RouteName.Normal(route), new() { Name = route, Route = route, Critical = _contract.Operations.Count == 0 });

    /// <summary>What is known about each operation now.</summary>
    public ImmutableArray<OperationReport> Read() => [.. All.Select(operation => operation.Read())];

    /// <summary>A dependency is known to be repaired.</summary>
    public void Acquit(string dependency, string? code)
    {
        foreach (var operation in All)
        {
            operation.Acquit(dependency, code);
        }
    }

    public IBackgroundOperation Named(string name) => _background.TryGetValue(name, out var operation)
        ? operation
        : throw new ArgumentException(
            $"The contract lists no background operation \"{name}\"; it lists {(_background.Count == 0 ? "none" : string.Join(", ", _background.Keys))}. Fix: add it to operations, without a route.",
            nameof(name));

    private RouteOperation Add(string key, Operation settings)
    {
        var made = new RouteOperation(settings, judged: true, _contract, _active, _time);
        var kept = _byRoute.GetOrAdd(key, made);
        if (kept == made)
        {
            ImmutableInterlocked.Update(ref _all, static (all, operation) => all.Add(operation), (IOperation)made);
        }

        return kept;
    }
}
