namespace Candor.Contract;

/// <summary>
/// What users ask for: a route with its method, or a piece of background work. It is the unit by which users are served, and so the
/// unit by which health is judged. Every route that the app maps is an operation without being listed; one that is listed here adds
/// what cannot be known from the route alone.
/// </summary>
/// <remarks>
/// A route that is not listed is an operation named <c>METHOD template</c>. It is critical when the contract lists no operation at
/// all, else it is not. Requests that match no route are one operation, <see cref="Unmatched"/>, which is never judged.
/// </remarks>
public sealed record Operation
{
    /// <summary>The name of the operation that all requests without a matching route share.</summary>
    public const string Unmatched = "unmatched";

    /// <summary>
    /// Its name in answers, metrics and alerts. 1 to 40 lower case letters, digits and dashes; unique; not <see cref="Unmatched"/>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// Method and route template as the app maps them, such as <c>GET /orders/{id}</c>; null for background work. Unique.
    /// </summary>
    public string? Route { get; init; }

    /// <summary>Whether the instance is not ready while it fails, by the contract's routing. Default true.</summary>
    public bool Critical { get; init; } = true;

    /// <summary>
    /// From how long on an answer counts as slow; null for no limit. Below <see cref="DrainSettings.RequestTimeout"/>. Routes only.
    /// </summary>
    public TimeSpan? LatencyLimit { get; init; }

    /// <summary>The request that the app sends to itself while users are silent; null for none. Routes only.</summary>
    public OperationCanary? Canary { get; init; }

    /// <summary>Names of the dependencies that it needs; each is one of <see cref="HealthContract.Dependencies"/>.</summary>
    public ContractList<string> Uses { get; init; } = [];

    /// <summary>The age that its oldest open item may reach; null for no limit. Background work only.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>Whether it is background work: it has no route.</summary>
    public bool IsBackground() => Route is null;
}

/// <summary>
/// A request that the app sends to itself through its own listener and middleware, so that a broken operation is seen without
/// traffic. Its method is that of the operation's route; a canary that writes is rolled back by the app.
/// </summary>
public sealed record OperationCanary
{
    /// <summary>The path and query that is requested, such as <c>/orders?limit=1</c>. It matches the operation's route template.</summary>
    public required string Path { get; init; }

    /// <summary>The body, JSON text, or null for none. Not with GET, HEAD or DELETE.</summary>
    public string? Body { get; init; }

    /// <summary>
    /// Time between two canaries while nothing is wrong. Default 5 s: a broken operation without users is seen within two of them.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the canary waits for its answer. Below <see cref="Interval"/>, default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Failures in a row that make the operation fail. 1 or more, default 2: one may have met a connection that was just closed.
    /// </summary>
    public int FailureThreshold { get; init; } = 2;
}
