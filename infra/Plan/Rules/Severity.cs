namespace Candor.Planning.Rules;

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    /// <summary>Worth a look; does not stop anything.</summary>
    Warning,

    /// <summary>Users would notice; <c>lint</c> exits 1 and <c>up</c> does not start.</summary>
    Error,
}
