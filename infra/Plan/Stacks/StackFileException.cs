namespace Candor.Planning;

/// <summary>A project or stack file that cannot be used; the message has where, what was found and how to fix it.</summary>
public sealed class StackFileException : Exception
{
    /// <summary>About a file as a whole.</summary>
    public StackFileException(string message)
        : base(message)
    {
    }

    /// <summary>About a place in a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="message">What was found there, and what was expected.</param>
    public StackFileException(string file, long line, long column, string message)
        : base($"{file}, line {line}, column {column}: {message}")
    {
    }
}
