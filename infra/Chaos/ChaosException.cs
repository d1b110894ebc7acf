namespace Candor.Chaos;

/// <summary>Something that a person has to put right; its message is shown without a stack trace.</summary>
public sealed class ChaosException : Exception
{
    /// <summary>What was wrong, what was found, and how to fix it.</summary>
    public ChaosException(string message)
        : base(message)
    {
    }

    /// <summary>The same, and why.</summary>
    public ChaosException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
