namespace Candor.Planning;

/// <summary>A text that is no Plan; the message says what was found, what was expected and where, for a person.</summary>
public sealed class PlanFormatException : Exception
{
    /// <summary>With a message for a person.</summary>
    public PlanFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for a person, and what led to it.</summary>
    public PlanFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
