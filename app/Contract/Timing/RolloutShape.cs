namespace Candor.Contract;

/// <summary>What of a Deployment decides how long a rolling update takes.</summary>
/// <param name="Replicas">Pods at the start. 1 or more.</param>
/// <param name="MaxSurge">Pods that may exist above that. 0 or more; not 0 together with <paramref name="MaxUnavailable"/> 0.</param>
/// <param name="MaxUnavailable">Pods that may be missing. 0 or more.</param>
/// <param name="MinReady">minReadySeconds: how long a pod must be ready to count as available.</param>
public sealed record RolloutShape(int Replicas, int MaxSurge, int MaxUnavailable, TimeSpan MinReady)
{
    /// <summary>Two replicas replaced one at a time, none missing, at once.</summary>
    public static RolloutShape Default { get; } = new(2, 1, 0, TimeSpan.Zero);

    /// <summary>How many times in a row new pods have to become available.</summary>
    public int Waves => (int)Math.Ceiling(Math.Max(1, Replicas) / (double)Math.Max(1, MaxSurge + MaxUnavailable));
}
