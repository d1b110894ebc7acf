namespace Candor.Local;

/// <summary>What a Deployment's controller sees of one pod.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Current">Whether it is of the wanted template.</param>
/// <param name="Available">Whether it has been ready for long enough.</param>
/// <param name="Leaving">Whether it is terminating.</param>
internal sealed record PodView(string Name, bool Current, bool Available, bool Leaving);

/// <summary>What to do next.</summary>
internal sealed record RolloutStep(int Create, IReadOnlyList<string> Delete);

/// <summary>
/// One step of Kubernetes' rolling update
/// (<see href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment">Kubernetes documentation</see>):
/// never more pods than wanted plus surge, never fewer available ones than wanted minus unavailable.
/// </summary>
internal static class RollingUpdate
{
    /// <summary>The step from these pods, oldest first, to <paramref name="replicas"/> current ones.</summary>
    public static RolloutStep Next(int replicas, RolloutStrategy strategy, IReadOnlyList<PodView> pods)
    {
        var live = pods.Where(pod => !pod.Leaving).ToList();
        var current = live.Where(pod => pod.Current).ToList();
        var old = live.Where(pod => !pod.Current).ToList();
        if (current.Count > replicas)
        {
            // Those that serve least go first, and of equal ones the youngest.
            return new(
                0,
                [.. current.AsEnumerable().Reverse().OrderBy(pod => pod.Available).Take(current.Count - replicas).Select(pod => pod.Name)]);
        }

        return strategy.Recreate
            ? Recreate(replicas, current.Count, old, pods.Any(pod => !pod.Current))
            : new(Create(replicas, strategy, current.Count, live.Count), Delete(replicas, strategy, live, current, old));
    }

    private static RolloutStep Recreate(int replicas, int current, List<PodView> old, bool oldRemain) =>
        old.Count > 0 ? new(0, [.. old.Select(pod => pod.Name)]) : new(oldRemain ? 0 : replicas - current, []);

    private static int Create(int replicas, RolloutStrategy strategy, int current, int live) =>
        Math.Clamp(replicas + strategy.MaxSurge.RoundedUp(replicas) - live, 0, replicas - current);

    private static List<string> Delete(int replicas, RolloutStrategy strategy, List<PodView> live, List<PodView> current, List<PodView> old)
    {
        var least = replicas - Unavailable(replicas, strategy);
        var room = live.Count - least - current.Count(pod => !pod.Available);
        if (room <= 0)
        {
            return [];
        }

        var broken = old.Where(pod => !pod.Available).Take(room).ToList();
        var serving = old.Where(pod => pod.Available).Take(Math.Clamp(live.Count(pod => pod.Available) - least, 0, room - broken.Count));
        return [.. broken.Concat(serving).Select(pod => pod.Name)];
    }

    /// <summary>With neither surge nor unavailability a rollout could never begin; Kubernetes then allows one to be missing.</summary>
    private static int Unavailable(int replicas, RolloutStrategy strategy)
    {
        var unavailable = strategy.MaxUnavailable.RoundedDown(replicas);
        return unavailable == 0 && strategy.MaxSurge.RoundedUp(replicas) == 0 ? 1 : Math.Min(unavailable, replicas);
    }
}
