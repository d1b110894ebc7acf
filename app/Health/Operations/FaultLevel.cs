namespace Candor.Health.Operations;

/// <summary>How bad something is.</summary>
internal enum FaultLevel
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Some of it fails.</summary>
    Degraded,

    /// <summary>Most of it fails.</summary>
    Failing,
}
