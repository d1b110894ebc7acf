namespace Candor.Testing;

/// <summary>A stack does not declare what a test expects; the message says what was found, what was expected, and what is near.</summary>
public sealed class StackAssertionException : Exception
{
    /// <summary>With a message for a person.</summary>
    public StackAssertionException(string message)
        : base(message)
    {
    }
}
