namespace Candor.Chaos.Users;

/// <summary>What one user's request came to.</summary>
/// <param name="Operation">What was asked for.</param>
/// <param name="At">When it was due, in seconds since the measurement began: a late answer belongs to the second in which it was asked.</param>
/// <param name="Late">How much later it was really sent; the instrument's own delay.</param>
/// <param name="Took">How long the answer took, in seconds.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="What">What was wrong, in words; null when nothing.</param>
internal readonly record struct UserSample(string Operation, double At, double Late, double Took, UserOutcome Outcome, string? What);

/// <summary>What a user got.</summary>
internal enum UserOutcome
{
    /// <summary>The right answer.</summary>
    Served,

    /// <summary>The right answer, later than the operation's limit.</summary>
    Slow,

    /// <summary>A refusal: 5xx, or a 4xx to a request that was right.</summary>
    Refused,

    /// <summary>A success whose content is wrong.</summary>
    Wrong,

    /// <summary>No answer within what a user waits, or a connection that broke.</summary>
    Lost,
}

/// <summary>Sums over samples.</summary>
internal static class UserOutcomes
{
    /// <summary>Whether the user did not get what was asked for.</summary>
    public static bool Failed(this UserOutcome outcome) => outcome is UserOutcome.Refused or UserOutcome.Wrong or UserOutcome.Lost;
}
