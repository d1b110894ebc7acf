using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Contract;
using Candor.Local;
using Npgsql;

namespace Candor.Chaos.Running;

/// <summary>What is measured: a service behind a balancer, and how to learn what became of it.</summary>
internal sealed record SystemUnderTest
{
    /// <summary>Which service.</summary>
    public required ServiceKind Kind { get; init; }

    /// <summary>Where users come in.</summary>
    public required Uri Url { get; init; }

    /// <summary>The contract, at <see cref="Speed"/>.</summary>
    public required HealthContract Contract { get; init; }

    /// <summary>What its numbers amount to, at <see cref="Speed"/>.</summary>
    public required ContractTimeline Timeline { get; init; }

    public required double Speed { get; init; }

    /// <summary>Its pods and targets now.</summary>
    public required Func<CancellationToken, Task<LocalStatus>> Status { get; init; }

    /// <summary>Where faults are made.</summary>
    public required Site Site { get; init; }

    /// <summary>Where orders are counted; null where there is no database.</summary>
    public NpgsqlDataSource? Database { get; init; }

    /// <summary>The name of the service's Deployment.</summary>
    public string Service { get; init; } = "orders";
}
