namespace Candor.Chaos.Catalogue;

/// <summary>What health must say about a fault.</summary>
internal sealed record Expectation
{
    /// <summary>The state.</summary>
    public required Verdict Says { get; init; }

    /// <summary>Of which instances.</summary>
    public Whose Whose { get; init; } = Whose.Every;

    /// <summary>
    /// What the answer must name: at least one of these patterns matches a line <c>name: reason</c> of the answer, where the name is
    /// that of a check or an operation, or <c>health</c> for the answer's own reason.
    /// </summary>
    public IReadOnlyList<string> Because { get; init; } = [];

    /// <summary>What it must not blame; patterns as in <see cref="Because"/>.</summary>
    public IReadOnlyList<string> NotBecause { get; init; } = [];

    /// <summary>How soon it must be said. Null where nothing needs to be said.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>How soon after the repair every instance is as before. Default 5 s.</summary>
    public TimeSpan RecoversWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the balancer must stop sending to the instance, within the contract's bound.</summary>
    public bool Ejects { get; init; }

    /// <summary>How often the verdict may change back and forth while it lasts. Default 0: it is steady.</summary>
    public int Flaps { get; init; }

    /// <summary>Whether a restart helps, so that liveness may fail.</summary>
    public bool RestartHelps { get; init; }

    /// <summary>What the local target's balancer must say of the target, where the fault is one between balancer and app; a pattern.</summary>
    public string? BalancerSays { get; init; }

    /// <summary>Nothing may be said.</summary>
    public static Expectation Nothing { get; } = new() { Says = Verdict.Nothing, Whose = Whose.Nobody };
}

/// <summary>The state that health must show.</summary>
internal enum Verdict
{
    /// <summary>Ready, nothing degraded.</summary>
    Nothing,

    /// <summary>Degraded, and ready.</summary>
    Degraded,

    /// <summary>Not ready, or degraded where the routing policy says to report.</summary>
    NotReady,

    /// <summary>Degraded or not ready.</summary>
    Trouble,

    /// <summary>The one or the other while it lasts; what is judged is what others say, and what comes afterwards.</summary>
    Either,

    /// <summary>The balancer says it, or the rollout; the app's own answers are right as they are.</summary>
    Balancer,
}

/// <summary>Which instances have to say it.</summary>
internal enum Whose
{
    Nobody,

    /// <summary>The one that the fault is done to, and no other.</summary>
    Victim,

    /// <summary>Every one.</summary>
    Every,

    /// <summary>At least one, whichever.</summary>
    Any,
}
