using Candor.Chaos.Catalogue;
using Candor.Chaos.Probing;
using Candor.Chaos.Users;
using Candor.Contract;

namespace Candor.Chaos.Judging;

/// <summary>Everything that was seen while one fault was made and undone. Times are seconds since the measurement began.</summary>
internal sealed record Observation
{
    public required Fault Fault { get; init; }

    /// <summary>Whom it was measured on.</summary>
    public required ServiceKind Service { get; init; }

    /// <summary>The contract, at the run's speed.</summary>
    public required HealthContract Contract { get; init; }

    /// <summary>What the contract's numbers amount to, at the run's speed.</summary>
    public required ContractTimeline Timeline { get; init; }

    public required double Speed { get; init; }

    /// <summary>When it was made, when undoing began, when it was undone, and when the measurement ended.</summary>
    public required double InjectedAt { get; init; }

    public required double UndoAt { get; init; }

    public required double UndoneAt { get; init; }

    public required double EndedAt { get; init; }

    /// <summary>The pod that it was done to, where it was one.</summary>
    public required string Victim { get; init; }

    public required IReadOnlyList<UserSample> Users { get; init; }

    /// <summary>Requests that were due.</summary>
    public required long Scheduled { get; init; }

    /// <summary>Of these, how many were not sent.</summary>
    public required long Skipped { get; init; }

    public required IReadOnlyList<BackgroundSample> Background { get; init; }

    public required IReadOnlyList<HealthSample> Health { get; init; }

    public IReadOnlyList<HealthSample> AsBalancer { get; init; } = [];

    public required IReadOnlyList<LivenessSample> Liveness { get; init; }

    public required IReadOnlyList<StackSample> Stack { get; init; }

    /// <summary>What the database says afterwards; null where there is none to ask.</summary>
    public OrderCount? Orders { get; init; }

    /// <summary>What injections saw that must not be.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary>Why the fault could not be made; the rest then says nothing.</summary>
    public string? NotMade { get; init; }
}
