namespace Candor.Health.Checks;

/// <summary>The pool of a dependency, as its driver reports it.</summary>
public interface IPoolStatistics
{
    /// <summary>The dependency's name.</summary>
    string Dependency { get; }

    /// <summary>What it is now.</summary>
    PoolUse Read();
}

/// <summary>How much of a pool is used.</summary>
/// <param name="InUse">Connections in use.</param>
/// <param name="Maximum">Connections that there may be; 0 when the driver does not report it.</param>
/// <param name="Waiting">Callers that wait for one.</param>
public readonly record struct PoolUse(int InUse, int Maximum, int Waiting)
{
    /// <summary>True when a caller must wait.</summary>
    public bool IsFull => Waiting > 0 || (Maximum > 0 && InUse >= Maximum);
}
