namespace Candor.Planning;

/// <summary>A text that is not a Plan; the message has what was found, what was expected, and where.</summary>
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
