namespace Candor.Cli;

/// <summary>
/// A mistake of the user's; its message is printed without a stack trace, and the exit code is <see cref="ExitCode.Usage"/>.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
