namespace Candor.Health.Liveness;

/// <summary>Limits of the probe-intercepting listener on the public port. Change them with <c>services.Configure&lt;ProbeListenerOptions&gt;</c>.</summary>
public sealed class ProbeListenerOptions
{
    /// <summary>
    /// The most connections that have not sent a whole request line yet, and the most that wait for the server to take them. Beyond it
    /// the oldest is closed, so that idle clients cannot use up the process's memory and descriptors. 1 or more, default 10,000:
    /// about 1 KB each.
    /// </summary>
    public int MaximumPendingConnections { get; set; } = 10_000;

    /// <summary>
    /// How long a connection may wait for its first bytes before it is given to the server, whose own timeouts then hold. Above zero,
    /// default 1 s: a prober sends its request at once.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
