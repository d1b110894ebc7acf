namespace Candor.Local;

/// <summary>Keeps a workload's pods as its spec wants them. Its methods are called from one loop only.</summary>
internal abstract class Controller(WorkloadSpec spec, ControllerServices services)
{
    private readonly List<Pod> _pods = [];
    private readonly Dictionary<string, DateTimeOffset> _readySince = new(StringComparer.Ordinal);

    /// <summary>What is wanted now.</summary>
    public WorkloadSpec Spec { get; protected set; } = spec;

    /// <summary>Its pods, oldest first, those that leave included.</summary>
    public IReadOnlyList<Pod> Pods => _pods;

    /// <summary>How far it is.</summary>
    public abstract WorkloadStatus Status { get; }

    /// <summary>Whether everything that is wanted is there.</summary>
    public bool Complete => Status.State == RolloutState.Complete;

    protected ControllerServices Services { get; } = services;

    /// <summary>Goes over to another spec.</summary>
    public abstract void Apply(WorkloadSpec spec);

    /// <summary>Sets the wanted number of pods.</summary>
    public virtual void Scale(int replicas) => Spec = Spec with { Replicas = replicas };

    /// <summary>Acts on the difference between what is wanted and what is there.</summary>
    public void Reconcile()
    {
        foreach (var pod in _pods.Where(pod => pod.Ended.IsCompleted).ToList())
        {
            _pods.Remove(pod);
            _readySince.Remove(pod.Name);
            Services.Removed(pod);
        }

        foreach (var pod in _pods)
        {
            if (!Services.IsReady(pod))
            {
                _readySince.Remove(pod.Name);
            }
            else if (!_readySince.ContainsKey(pod.Name))
            {
                _readySince[pod.Name] = Services.Time.GetUtcNow();
            }
        }

        Act();
    }

    protected abstract void Act();

    /// <summary>Whether the pod has been ready for long enough.</summary>
    protected bool IsAvailable(Pod pod) =>
        _readySince.TryGetValue(pod.Name, out var since)
            && !pod.Status.Leaving
            && Services.Time.GetUtcNow() - since >= Spec.Strategy.MinReady;

    protected void Create(string name) => _pods.Add(Services.Create(Spec, name));
}

/// <summary>What controllers work with.</summary>
internal sealed record ControllerServices
{
    public required TimeProvider Time { get; init; }

    /// <summary>Starts a pod of the workload under a name.</summary>
    public required Func<WorkloadSpec, string, Pod> Create { get; init; }

    /// <summary>Whether a pod is ready, its readiness gates included.</summary>
    public required Func<Pod, bool> IsReady { get; init; }

    /// <summary>Why a pod is not ready.</summary>
    public required Func<Pod, string> Reason { get; init; }

    /// <summary>Called when a pod is gone.</summary>
    public required Action<Pod> Removed { get; init; }

    public required Action<LocalEventKind, string, string> Report { get; init; }
}
