namespace Candor.Health;

/// <summary>
/// The clock that stands still while the process does. Whatever judges by time should use it (circuit breakers, deadlines, ages of open work), so that a process that was
/// stopped for a while attributes the time that passed to no dependency: <c>provider.GetRequiredKeyedService&lt;TimeProvider&gt;(CandorClock.Key)</c>.
/// </summary>
public static class CandorClock
{
    /// <summary>The key of the keyed service <see cref="TimeProvider"/>.</summary>
    public const string Key = "candor.active";
}
