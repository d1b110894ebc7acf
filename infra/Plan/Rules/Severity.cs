namespace Candor.Planning.Rules;

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    /// <summary>Something is not set, or not as careful as it could be; nobody is harmed by it alone.</summary>
    Note,

    /// <summary>Worth a look; does not stop anything.</summary>
    Warning,

    /// <summary>Users would notice; <c>lint</c> exits 1 and <c>up</c> does not start.</summary>
    Error,
}
