namespace Candor.Contract;

/// <summary>How long the app may take to answer for its health, and how much longer every prober waits.</summary>
public sealed record HealthBudget
{
    /// <summary>Overall deadline of one evaluation, enforced by abandoning what is late. Default 2 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What every prober's timeout must exceed <see cref="Deadline"/> by, for network and scheduling. Default 500 ms.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(500);
}
