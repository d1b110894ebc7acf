namespace Candor.Orders.Resilience;

/// <summary>Kinds of work on a dependency that fail apart from each other, each with a breaker of its own.</summary>
public enum WorkKind
{
    /// <summary>A user reads.</summary>
    Read,

    /// <summary>A user writes.</summary>
    Write,

    /// <summary>Nobody waits for it: outbox and consumer.</summary>
    Background,
}
