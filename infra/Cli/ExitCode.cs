namespace Candor.Cli;

/// <summary>The exit codes of the process.</summary>
public static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>There are findings, or something failed while it ran.</summary>
    public const int Failure = 1;

    /// <summary>Wrong use, or wrong configuration.</summary>
    public const int Usage = 2;
}
