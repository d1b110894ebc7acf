namespace Candor.Orders.Configuration;

/// <summary>What the process says by its exit code.</summary>
public static class ExitCodes
{
    /// <summary>It was asked to stop and lost nothing.</summary>
    public const int Fine = 0;

    /// <summary>It could not go on: a start-up task did not succeed in time.</summary>
    public const int Failed = 1;

    /// <summary>A setting is missing or wrong, or the port is taken.</summary>
    public const int WrongSettings = 2;
}
