namespace Candor.Local;

/// <summary>
/// What a person has to do something about: a Plan that cannot be realised, a port in use, a missing program, a dependency that
/// will not start. Its message is the whole explanation; the verb prints it without a stack trace and exits 2.
/// </summary>
public sealed class LocalException : Exception
{
    /// <summary>An error without an explanation; use the others.</summary>
    public LocalException()
    {
    }

    /// <summary>An error with its explanation: what was wrong, where, what was found and how to fix it.</summary>
    public LocalException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its explanation and its cause.</summary>
    public LocalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
