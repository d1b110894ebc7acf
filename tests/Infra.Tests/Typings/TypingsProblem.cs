namespace Candor.Infra.Tests.Typings;

/// <summary>Something in a Plan that the official packages or a Kubernetes API would not take.</summary>
/// <param name="Resource">URN of the resource.</param>
/// <param name="Property">Path of the property; empty for the resource itself.</param>
/// <param name="Message">What is wrong, in the words of the compiler or the schema.</param>
internal sealed record TypingsProblem(string Resource, string Property, string Message)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() => Property.Length == 0 ? $"{Resource}: {Message}" : $"{Resource}, {Property}: {Message}";
}

/// <summary>What the check found.</summary>
/// <param name="Resources">How many resources were compiled and run.</param>
/// <param name="Problems">What is wrong; empty when all is well.</param>
internal sealed record TypingsReport(int Resources, IReadOnlyList<TypingsProblem> Problems);

/// <summary>The check could not run; the message says what is missing and how to get it.</summary>
internal sealed class TypingsUnavailableException(string message) : Exception(message);
