namespace Candor.Planning;

/// <summary>The program failed while its Plan was recorded.</summary>
public sealed class PlanRecordingException : Exception
{
    /// <summary>With the program's own message.</summary>
    public PlanRecordingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
