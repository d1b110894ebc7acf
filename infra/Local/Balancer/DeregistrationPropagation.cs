namespace Candor.Local;

/// <summary>
/// Delays deregistration as a cluster does. There, the change that a pod is no longer a target goes from the kubelet over the API and the
/// load balancer controller to every balancer node, and requests arrive at the pod until then. The contract's propagation is the longest
/// that this may take, so it takes that long here: a drain that is too short fails here, too. A new target is registered at once: the
/// readiness gate waits until it is healthy.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="round">The interval between two calls; the last call before the end of the propagation deregisters.</param>
internal sealed class DeregistrationPropagation(TimeProvider time, TimeSpan round)
{
    private readonly Dictionary<WantedTarget, Known> _known = [];

    /// <summary>The registered targets, given the current ones, each with its workload's propagation.</summary>
    public IReadOnlyCollection<WantedTarget> Registered(IReadOnlyDictionary<WantedTarget, TimeSpan> wanted)
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

    /// <summary>Whether it is no longer a target, and the deregistration has not reached the balancer yet.</summary>
    public bool IsPropagating(WantedTarget target) => _known.TryGetValue(target, out var known) && known.Left is not null;

    /// <param name="Propagation">How long its deregistration takes.</param>
    /// <param name="Left">Since when it is no longer a target; null while it is one.</param>
    private sealed record Known(TimeSpan Propagation, DateTimeOffset? Left);
}
