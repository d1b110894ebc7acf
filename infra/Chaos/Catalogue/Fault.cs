using Candor.Chaos.Injection;

namespace Candor.Chaos.Catalogue;

/// <summary>
/// One fault of the catalogue, or one situation in which nothing is wrong: what is done, to whom, what users then get and what health
/// must say. What is expected comes from docs/faults.md, never from what the engine happens to do. Every duration is the contract's
/// time; a run divides it by its speed.
/// </summary>
internal sealed record Fault
{
    /// <summary>Its id in docs/faults.md, such as <c>F217</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Which of several ways to make it, such as <c>renamed-table</c>; empty where there is one.</summary>
    public string Variant { get; init; } = string.Empty;

    /// <summary>What is called by on the command line and in reports.</summary>
    public string Name => Variant.Length == 0 ? Id : $"{Id}/{Variant}";

    /// <summary>What it breaks.</summary>
    public required FaultFamily Family { get; init; }

    /// <summary>What is done, in a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>To whom it is done.</summary>
    public required Subject To { get; init; }

    /// <summary>How it is made and undone, in this order; undone in the opposite order.</summary>
    public required IReadOnlyList<Inject> Injections { get; init; }

    /// <summary>
    /// What users truly get while it lasts, by operation. What is not named goes on being served. It is measured, and a fault whose
    /// effect cannot be seen was not made: that run is invalid.
    /// </summary>
    public IReadOnlyDictionary<string, Effect> Users { get; init; } = new Dictionary<string, Effect>();

    /// <summary>What health must say.</summary>
    public required Expectation Health { get; init; }

    /// <summary>The service that it is made in. App faults are made in the sample service only.</summary>
    public ServiceKind Service { get; init; } = ServiceKind.Orders;

    /// <summary>Requests a second while it lasts, or null for the run's own rate.</summary>
    public double? Rate { get; init; }

    /// <summary>How long it lasts. Default 40 s: longer than the balancer's worst case.</summary>
    public TimeSpan Lasts { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Whether it is one of the handful that <c>./candor test</c> runs.</summary>
    public bool Representative { get; init; }

    /// <summary>Whether something is truly wrong; the others are situations in which health must stay as it is.</summary>
    public bool IsFault => Health.Says != Verdict.Nothing;

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>The files of the catalogue.</summary>
internal enum FaultFamily
{
    /// <summary>Why probes fail although the app is fine (F101–F108).</summary>
    Setup,
    Database,
    Cache,
    Queue,
    Network,
    Process,

    /// <summary>Mistakes within the app itself.</summary>
    App,
    Clients,

    /// <summary>Nothing is wrong.</summary>
    Nothing,
}

/// <summary>To whom a fault is done.</summary>
internal enum Subject
{
    /// <summary>One of the replicas.</summary>
    OneReplica,
    EveryReplica,
    Dependency,
    Network,
    Clients,
    Stack,
}

/// <summary>The service under test.</summary>
internal enum ServiceKind
{
    /// <summary>The reference service, app/Orders.</summary>
    Orders,

    /// <summary>The same operations in the sample service of the tests, with Candor's health and with switches for mistakes of its own.</summary>
    Sample,

    /// <summary>The sample service with the framework's <c>MapHealthChecks</c>.</summary>
    BuiltIn,

    /// <summary>The same operations in Flask behind gunicorn, with the second article's deep endpoint.</summary>
    Flask,
}

/// <summary>What users of one operation get.</summary>
internal enum Effect
{
    /// <summary>At least 99 % are served.</summary>
    Served,

    /// <summary>Some fail.</summary>
    Partly,

    /// <summary>Most fail.</summary>
    Broken,

    /// <summary>Served or not; nothing is expected.</summary>
    Any,
}

/// <summary>The names by which users' requests and background work are known.</summary>
internal static class Operations
{
    public const string Place = "place-order";
    public const string Read = "read-order";
    public const string List = "list-orders";
    public const string Deliver = "deliver-outbox";
    public const string Process = "process-orders";

    /// <summary>Those that users ask for.</summary>
    public static IReadOnlyList<string> Requests { get; } = [Place, Read, List];

    /// <summary>Those in the background.</summary>
    public static IReadOnlyList<string> Background { get; } = [Deliver, Process];

    public static IReadOnlyList<string> All { get; } = [.. Requests, .. Background];
}
