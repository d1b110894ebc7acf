using System.Net;
using Candor.Planning;

namespace Candor.Local;

/// <summary>
/// The running Plan: its controllers, its pods' addresses, its balancer. One loop acts on all of it; only what a pod asks for at its
/// start (addresses) is locked.
/// </summary>
internal sealed partial class Cluster : IDisposable
{
    private readonly StateFolder _state;
    private readonly AddressBlock _block;
    private Plan _plan;
    private ImageCatalog _images;
    private readonly Dictionary<string, IPAddress> _fixedAddresses = new(StringComparer.Ordinal);
    private readonly List<Controller> _controllers = [];
    private readonly ControllerServices _services;
    private readonly LinkTable _links;
    private readonly ClosedFlows _closed;
    private readonly DeregistrationPropagation _propagation;
    private ServiceDirectory _directory;
    private Reachability _reach;

    public Cluster(
        Plan plan,
        Manifest manifest,
        StateFolder state,
        AddressBlock block,
        ImageCatalog images,
        Func<Func<Pod, IReadOnlyDictionary<string, string>>, Node> node,
        Func<Node, Manifest, Balancer> balancer)
    {
        _state = state;
        _block = block;
        _plan = plan;
        _images = images;
        _reach = new(plan);
        Manifest = manifest;
        _directory = new(manifest.Services, manifest.Workloads);
        Node = node(EnvironmentOf);
        _closed = new(Node.Report);
        _links = new(block, Node.Time);
        Balancer = balancer(Node, manifest);
        _propagation = new(Node.Time, Supervisor.Round);
        _services = new()
        {
            Time = Node.Time,
            Create = CreatePod,
            IsReady = IsReady,
            Reason = ReasonOf,
            Removed = Removed,
            Report = (kind, subject, message) => Node.Report(kind, subject, message),
        };
    }

    public Manifest Manifest { get; private set; }

    public Node Node { get; }

    public Balancer Balancer { get; }

    public IReadOnlyList<Controller> Controllers => _controllers;

    /// <summary>The Plan that is acted by.</summary>
    public Plan Plan => _plan;

    /// <summary>The ways between pods and Services that behave otherwise.</summary>
    public IReadOnlyList<PageLink> Links => _links.Changed;

    public IEnumerable<Pod> Pods => _controllers.SelectMany(controller => controller.Pods);

    /// <summary>Whether every workload is complete and ready, and every ready pod that is bound is a healthy target.</summary>
    public bool Healthy =>
        _controllers.Count == Manifest.Workloads.Count
        && Balancer.Problem is null
        && _controllers.TrueForAll(c => c.Complete && c.Status.Ready == c.Spec.Replicas)
        && Wanted().Keys.All(w => Balancer.Targets.Any(t => t.Wanted == w && t.State == TargetState.Healthy))
        && (Manifest.Bindings.Count == 0 || Balancer.Targets.Any());

    /// <summary>A target's reason: the result of its last check, and whether its deregistration is still propagating.</summary>
    public string ReasonOf(TargetRegistry.Target target) =>
        _propagation.IsPropagating(target.Wanted) ? $"{target.Reason}; deregistration propagating" : target.Reason;

    /// <summary>The images of every workload can be realised.</summary>
    /// <exception cref="LocalException">One cannot.</exception>
    public void RequireImages()
    {
        foreach (var workload in Manifest.Workloads)
        {
            _images.Resolve(workload.Template.Container.Image);
        }
    }

    /// <summary>One round over everything.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        AddControllers();
        foreach (var controller in _controllers)
        {
            controller.Reconcile();
        }

        LeadLinks();
        await Balancer.ReconcileAsync(_propagation.Registered(Wanted()), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Switches to another Plan: what is gone ends, what changed rolls, what is new starts. Returns the changes.</summary>
    /// <exception cref="LocalException">An image of it cannot be run here.</exception>
    public string Apply(Plan plan, Manifest manifest, ImageCatalog images)
    {
        foreach (var workload in manifest.Workloads)
        {
            images.Resolve(workload.Template.Container.Image);
        }

        var changes = manifest.Workloads.Select(w => Change(Manifest.Workloads.FirstOrDefault(o => Same(o, w)), w))
            .Concat(Manifest.Workloads.Where(o => !manifest.Workloads.Any(w => Same(o, w))).Select(o => $"{o.Display} ends"))
            .OfType<string>()
            .Concat(BalancerChange.Between(Manifest, manifest).Changes)
            .ToList();
        var (before, specs) = (new Running(_plan, Manifest, _images), _controllers.ToDictionary(c => c, c => c.Spec));
        try
        {
            Switch(
                new(plan, manifest, images), c => manifest.Workloads.FirstOrDefault(w => Same(w, c.Spec)) ?? c.Spec with { Replicas = 0 });
        }
        catch
        {
            // Half of a change is worse than none.
            Switch(before, c => specs[c]);
            throw;
        }

        return changes.Count == 0 ? "nothing changes" : string.Join("; ", changes);
    }

    private void Switch(Running to, Func<Controller, WorkloadSpec> specOf)
    {
        Balancer.Apply(to.Manifest);
        _plan = to.Plan;
        _images = to.Images;
        _reach = new(to.Plan);
        Manifest = to.Manifest;
        _directory = new(to.Manifest.Services, to.Manifest.Workloads);
        foreach (var controller in _controllers)
        {
            controller.Apply(specOf(controller));
        }
    }

    /// <summary>Makes the pods' networks, where they have their own, and starts the balancer.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Node.Network is { } network)
        {
            network.Rules = pods => FlowRules.Of(pods, _reach, network.BalancerSource);
            await network.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        await Balancer.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _links.Dispose();
        Node.Dispose();
    }

    public IPAddress AddressOf(WorkloadSpec workload, string pod)
    {
        if (workload.Kind == WorkloadKind.Deployment)
        {
            return NextAddress();
        }

        // Dependents of a StatefulSet got its address at their start, so it keeps the address.
        lock (_fixedAddresses)
        {
            if (!_fixedAddresses.TryGetValue(pod, out var address))
            {
                _fixedAddresses[pod] = address = NextAddress();
            }

            return address;
        }
    }

    private IPAddress NextAddress() => Node.Network?.NextAddress() ?? _block.NextPod();

    public bool IsReady(Pod pod) =>
        pod.Status is { ContainerReady: true, Leaving: false } && pod.Template.ReadinessGates.All(gate => GateOpen(pod, gate));

    public string ReasonOf(Pod pod)
    {
        if (pod.Status is { ContainerReady: true, Leaving: false }
            && pod.Template.ReadinessGates.FirstOrDefault(gate => !GateOpen(pod, gate)) is { } gate)
        {
            var target = Balancer.Targets.FirstOrDefault(t => t.Wanted.Pod == pod.Name);
            return $"readiness gate {gate}: {(target is null ? "not registered" : $"{target.State}, {target.Reason}")}";
        }

        return pod.Status.Reason;
    }

    private static bool Same(WorkloadSpec left, WorkloadSpec right) =>
        (left.Kind, left.Namespace, left.Name) == (right.Kind, right.Namespace, right.Name);

    private static string? Change(WorkloadSpec? before, WorkloadSpec after) =>
        before is null ? $"{after.Display} starts"
        : before.Template.Hash != after.Template.Hash ? $"{after.Display} rolls to a new template"
        : before.Replicas != after.Replicas ? $"{after.Display} scales from {before.Replicas} to {after.Replicas} replicas"
        : null;

    /// <summary>Deployments come once the StatefulSets are up, as the program's order of resources has it.</summary>
    private void AddControllers()
    {
        foreach (var spec in Manifest.Workloads.Where(w => !_controllers.Exists(c => Same(c.Spec, w))))
        {
            if (spec.Kind == WorkloadKind.StatefulSet)
            {
                _controllers.Add(new StatefulSetController(spec, _services));
            }
            else if (_controllers.OfType<StatefulSetController>().Count() == Manifest.Workloads.Count(
                w => w.Kind == WorkloadKind.StatefulSet)
                && _controllers.OfType<StatefulSetController>().All(c => c.Complete))
            {
                _controllers.Add(new DeploymentController(spec, _services));
            }
        }
    }

    /// <summary>
    /// A binding's gate holds while the pod's target is healthy; one of an unknown kind stays closed, as in a cluster.
    /// </summary>
    private bool GateOpen(Pod pod, string gate)
    {
        const string Prefix = "target-health.elbv2.k8s.aws/";
        return gate.StartsWith(Prefix, StringComparison.Ordinal)
            && Manifest.Bindings.FirstOrDefault(b => b.Name == gate[Prefix.Length..]) is { } binding
            && Balancer.Targets.Any(
                t => t.Wanted.Pod == pod.Name && t.Wanted.TargetGroup == binding.TargetGroup && t.State == TargetState.Healthy);
    }

    private Pod CreatePod(WorkloadSpec workload, string name)
    {
        var data = workload.Kind == WorkloadKind.StatefulSet
            ? Path.Combine(_state.Data, workload.Namespace, name)
            : Path.Combine(_state.Data, "scratch", name);
        return new(Node, workload, name, AddressOf(workload, name), data, _images.Resolve(workload.Template.Container.Image));
    }

    private void Removed(Pod pod)
    {
        _links.Remove(pod);
        if (pod.Workload.Kind == WorkloadKind.Deployment)
        {
            StateFolder.TryDelete(pod.DataDirectory);
        }

        Node.Report(LocalEventKind.Pod, pod.Name, "gone");
    }

    /// <summary>What the cluster acts by.</summary>
    private sealed record Running(Plan Plan, Manifest Manifest, ImageCatalog Images);
}
