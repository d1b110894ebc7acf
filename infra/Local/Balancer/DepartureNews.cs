namespace Candor.Local;

/// <summary>
/// What the balancer has heard of the cluster. In a cluster the news that a pod is a target no more goes from the kubelet over the
/// API and the load balancer controller to every balancer node, and requests go on arriving at the pod until it is there. The contract's
/// propagation says how long that may take at the most, so that is how long it takes here: a drain that is too short fails here too.
/// A new target is heard of at once, since nothing hangs on it: the readiness gate waits until it is healthy.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="round">How often it is asked: the last time before the propagation is over passes the news on.</param>
internal sealed class DepartureNews(TimeProvider time, TimeSpan round)
{
    private readonly Dictionary<WantedTarget, Known> _known = [];

    /// <summary>The targets as the balancer knows them, given those there are now, each with its workload's propagation.</summary>
    public IReadOnlyCollection<WantedTarget> Heard(IReadOnlyDictionary<WantedTarget, TimeSpan> wanted)
    {
        foreach (var (target, propagation) in wanted)
        {
            _known[target] = new(propagation, null);
        }

        foreach (var (target, known) in _known.Where(k => !wanted.ContainsKey(k.Key)).ToList())
        {
            var left = known.Left ?? time.GetUtcNow();
            if (time.GetUtcNow() - left + round >= known.Propagation)
            {
                _known.Remove(target);
            }
            else
            {
                _known[target] = known with { Left = left };
            }
        }

        return _known.Keys;
    }

    /// <summary>Whether it is a target no more, and the balancer has not heard of it yet.</summary>
    public bool IsUnderWay(WantedTarget target) => _known.TryGetValue(target, out var known) && known.Left is not null;

    /// <param name="Propagation">How long the news of its leaving takes.</param>
    /// <param name="Left">Since when it is a target no more; null while it is one.</param>
    private sealed record Known(TimeSpan Propagation, DateTimeOffset? Left);
}
