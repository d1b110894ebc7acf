using System.Globalization;

namespace Candor.Local;

/// <summary>A StatefulSet: pods with fixed names and data, one after the other.</summary>
internal sealed class StatefulSetController(WorkloadSpec spec, ControllerServices services) : Controller(spec, services)
{
    private int _revision = 1;

    /// <inheritdoc />
    public override WorkloadStatus Status
    {
        get
        {
            var live = Pods.Where(pod => !pod.Status.Leaving).ToList();
            var updated = live.Count(pod => pod.Template.Hash == Spec.Template.Hash);
            var available = live.Count(IsAvailable);
            return new()
            {
                Kind = nameof(WorkloadKind.StatefulSet),
                Name = Spec.Name,
                Namespace = Spec.Namespace,
                Replicas = Spec.Replicas,
                Updated = updated,
                Ready = live.Count(Services.IsReady),
                Available = available,
                Revision = _revision,
                State = updated == Spec.Replicas && available == Spec.Replicas && Pods.Count == Spec.Replicas
                    ? RolloutState.Complete
                    : RolloutState.Progressing,
                Reason = live.Where(pod => !Services.IsReady(pod)).Select(Services.Reason).FirstOrDefault() ?? string.Empty,
            };
        }
    }

    /// <inheritdoc />
    public override void Apply(WorkloadSpec spec)
    {
        if (spec.Template.Hash != Spec.Template.Hash)
        {
            _revision++;
        }

        Spec = spec;
    }

    /// <inheritdoc />
    protected override void Act()
    {
        for (var ordinal = 0; ordinal < Spec.Replicas; ordinal++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Spec.Name}-{ordinal}");
            var pod = Pods.FirstOrDefault(p => p.Name == name);
            if (pod is null)
            {
                Create(name);
                return;
            }

            if (!Services.IsReady(pod) && pod.Template.Hash == Spec.Template.Hash)
            {
                return;
            }
        }

        var extra = Pods.Skip(Spec.Replicas).LastOrDefault(pod => !pod.Status.Leaving);
        var outdated = Pods.LastOrDefault(pod => pod.Template.Hash != Spec.Template.Hash);
        (extra ?? outdated)?.Terminate();
    }
}
