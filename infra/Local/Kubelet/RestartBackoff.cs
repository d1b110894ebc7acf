using Candor.Contract;

namespace Candor.Local;

/// <summary>
/// How long the kubelet waits before it starts an ended container again: not at all the first time, then 10 s doubling to 5 min,
/// and from the beginning once a container ran for 10 min
/// (<see href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy">Kubernetes documentation</see>).
/// </summary>
internal sealed class RestartBackoff(double speed)
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _reset = TimeSpan.FromMinutes(10);
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>The wait before the next start of a container that ran for <paramref name="ran"/>.</summary>
    public TimeSpan After(TimeSpan ran)
    {
        if (ran >= _reset.Scale(speed))
        {
            _next = TimeSpan.Zero;
        }

        var wait = _next;
        _next = wait == TimeSpan.Zero ? _first : wait * 2 > _longest ? _longest : wait * 2;
        return wait.Scale(speed);
    }
}
