using System.Globalization;

namespace Candor.Local;

/// <summary>A Deployment: rolls from one template to the next, keeps the previous ones, and reports when it makes no progress.</summary>
internal sealed class DeploymentController : Controller
{
    private readonly List<PodTemplate> _history = [];
    private int _revision;
    private int _counter;
    private int _restarts;
    private string _progress = string.Empty;
    private DateTimeOffset _progressAt;
    private RolloutState _state = RolloutState.Progressing;
    private string _reason = string.Empty;

    public DeploymentController(WorkloadSpec spec, ControllerServices services)
        : base(spec, services) => Begin(spec.Template);

    /// <inheritdoc />
    public override WorkloadStatus Status
    {
        get
        {
            var live = Pods.Where(pod => !pod.Status.Leaving).ToList();
            return new()
            {
                Kind = nameof(WorkloadKind.Deployment),
                Name = Spec.Name,
                Namespace = Spec.Namespace,
                Replicas = Spec.Replicas,
                Updated = live.Count(IsCurrent),
                Ready = live.Count(Services.IsReady),
                Available = live.Count(IsAvailable),
                Revision = _revision,
                State = _state,
                Reason = _reason,
            };
        }
    }

    /// <inheritdoc />
    public override void Apply(WorkloadSpec spec)
    {
        var changed = spec.Template.Hash != Spec.Template.Hash.Split('-')[0] || _state == RolloutState.Failed;
        var template = changed ? spec.Template : Spec.Template;
        Spec = spec with { Template = template, Replicas = spec.OwnReplicas ? spec.Replicas : Spec.Replicas };
        if (changed)
        {
            Begin(template);
        }
        else
        {
            Restart(string.Empty);
        }
    }

    /// <inheritdoc />
    public override void Scale(int replicas)
    {
        base.Scale(replicas);
        Restart(string.Create(CultureInfo.InvariantCulture, $"scaled to {replicas}"));
    }

    /// <summary>Rolls every pod to a new one of the same template.</summary>
    public void RestartPods()
    {
        var hash = string.Create(CultureInfo.InvariantCulture, $"{Spec.Template.Hash.Split('-')[0]}-{++_restarts}");
        Spec = Spec with { Template = Spec.Template with { Hash = hash } };
        Begin(Spec.Template);
    }

    /// <summary>Rolls back to the template before this one.</summary>
    /// <exception cref="LocalException">There is none.</exception>
    public void Undo()
    {
        if (_history.Count < 2)
        {
            throw new LocalException($"Deployment {Spec.Name} has only its first revision, so there is nothing to roll back to.");
        }

        var previous = _history[^2];
        Spec = Spec with { Template = previous };
        Begin(previous);
    }

    /// <inheritdoc />
    protected override void Act()
    {
        var step = RollingUpdate.Next(
            Spec.Replicas,
            Spec.Strategy,
            [.. Pods.Select(pod => new PodView(pod.Name, IsCurrent(pod), IsAvailable(pod), pod.Status.Leaving))]);
        for (var i = 0; i < step.Create; i++)
        {
            Create(string.Create(CultureInfo.InvariantCulture, $"{Spec.Name}-{Spec.Template.Hash.Split('-')[0][..5]}-{++_counter}"));
        }

        foreach (var pod in Pods.Where(pod => step.Delete.Contains(pod.Name)))
        {
            pod.Terminate();
        }

        Judge();
    }

    private bool IsCurrent(Pod pod) => pod.Template.Hash == Spec.Template.Hash;

    private void Begin(PodTemplate template)
    {
        _history.RemoveAll(known => known.Hash == template.Hash);
        _history.Add(template);
        _revision++;
        Restart(string.Create(CultureInfo.InvariantCulture, $"revision {_revision} begins"));
    }

    private void Restart(string message)
    {
        _state = RolloutState.Progressing;
        _reason = string.Empty;
        _progress = string.Empty;
        _progressAt = Services.Time.GetUtcNow();
        if (message.Length > 0)
        {
            Services.Report(LocalEventKind.Rollout, Spec.Name, message);
        }
    }

    /// <summary>Progress is any pod more that is new or available, or fewer that are old; none for the deadline is a failure.</summary>
    private void Judge()
    {
        var now = Services.Time.GetUtcNow();
        var live = Pods.Where(pod => !pod.Status.Leaving).ToList();
        var updated = live.Count(IsCurrent);
        var available = live.Count(pod => IsCurrent(pod) && IsAvailable(pod));
        var progress = string.Create(
            CultureInfo.InvariantCulture, $"{updated} of {Spec.Replicas} new, {available} available, {live.Count - updated} old");
        if (updated == Spec.Replicas && available == Spec.Replicas && live.Count == Spec.Replicas)
        {
            if (_state != RolloutState.Complete)
            {
                _state = RolloutState.Complete;
                _reason = string.Empty;
                Services.Report(
                    LocalEventKind.Rollout,
                    Spec.Name,
                    string.Create(
                        CultureInfo.InvariantCulture, $"revision {_revision} complete, {available} of {Spec.Replicas} available"));
            }

            return;
        }

        if (_state == RolloutState.Complete)
        {
            // A pod fell; the rollout itself was done, and its deadline no longer applies.
            if (updated == Spec.Replicas && live.Count == Spec.Replicas)
            {
                return;
            }

            _state = RolloutState.Progressing;
            _progressAt = now;
        }

        if (progress != _progress)
        {
            _progress = progress;
            _progressAt = now;
            if (_state == RolloutState.Progressing)
            {
                Services.Report(LocalEventKind.Rollout, Spec.Name, progress);
            }
        }

        if (_state == RolloutState.Progressing && now - _progressAt >= Spec.Strategy.ProgressDeadline)
        {
            _state = RolloutState.Failed;
            _reason = Why(live);
            Services.Report(LocalEventKind.Failure, Spec.Name, _reason);
        }
    }

    private string Why(List<Pod> live)
    {
        var stuck = live.Where(IsCurrent).FirstOrDefault(pod => !IsAvailable(pod));
        var seconds = Spec.Strategy.ProgressDeadline.TotalSeconds;
        var text = string.Create(CultureInfo.InvariantCulture, $"revision {_revision} made no progress for {seconds:0.#} s: {_progress}");
        return stuck is null
            ? text
            : $"{text}. Pod {stuck.Name}: {Services.Reason(stuck)}.{string.Concat(stuck.LastLines(5).Select(line => $"\n    {line}"))}\n "
                + $" The previous pods continue serving. Roll back with: ./candor rollout undo";
    }
}
