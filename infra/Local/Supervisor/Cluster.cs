using System.Net;
using Candor.Planning;

namespace Candor.Local;

/// <summary>
/// The running Plan: its controllers, its pods' addresses, its balancer. One loop acts on all of it; only what a pod asks for at its
/// start (addresses) is locked.
/// </summary>
internal sealed class Cluster : IDisposable
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
    private readonly DepartureNews _news;
    private ServiceDirectory _directory;
    private Reachability _reach;

    public Cluster(Plan plan, Manifest manifest, StateFolder state, AddressBlock block, ImageCatalog images, Func<Func<Pod, IReadOnlyDictionary<string, string>>, Node> node, Func<Node, Manifest, Balancer> balancer)
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
        _news = new(Node.Time, Supervisor.Round);
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

    /// <summary>What there is to say of a target: what its last check saw, and what the balancer has still to hear.</summary>
    public string ReasonOf(TargetRegistry.Target target) =>
        _news.IsUnderWay(target.Wanted) ? $"{target.Reason}; news that it left is under way" : target.Reason;

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
        await Balancer.ReconcileAsync(_news.Heard(Wanted()), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes over to another Plan: what is gone ends, what changed rolls, what is new starts. Tells what changes.</summary>
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
            Switch(new(plan, manifest, images), c => manifest.Workloads.FirstOrDefault(w => Same(w, c.Spec)) ?? c.Spec with { Replicas = 0 });
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

    /// <summary>The pods behind a Service's port, whether ready or not: the one that is not is the one to look at.</summary>
    public IEnumerable<(string Pod, IPEndPoint Endpoint)> Scraped(ScrapeSpec scrape)
    {
        if (_directory.Find(scrape.Namespace, scrape.Service) is not { } service)
        {
            yield break;
        }

        foreach (var pod in Pods.Where(p => p.Workload.Namespace == service.Namespace && service.Selector.Selects(p.Template.Labels) && p.Status.ProcessId is not null))
        {
            if (ServiceDirectory.TargetPort(service, scrape.Port, pod.Template) is not { } port)
            {
                continue;
            }

            var passage = _reach.FromMonitoring(pod.Workload, port);
            yield return (pod.Name, passage.IsOpen ? new(pod.Address, port) : _links.Silence(port));
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

    /// <summary>Says which flows that are needed the Plan closes, those of the monitoring included.</summary>
    public void SayClosed(IReadOnlyList<ScrapeSpec> scrapes) => _closed.Say(Needed(scrapes));

    /// <summary>Makes the ways from a pod or workload to a Service behave otherwise.</summary>
    /// <exception cref="LocalException">There is no such pod, workload or Service.</exception>
    public void SetLink(string from, string service, LinkSetting setting)
    {
        if (Node.Network is not null)
        {
            throw new LocalException("With --isolated pods dial each other directly; there is no link to change. Use nftables in the pod's network namespace.");
        }

        if (!Pods.Any(p => p.Name == from || p.Workload.Name == from))
        {
            throw new LocalException($"There is no pod or workload '{from}'; there are {string.Join(", ", Pods.Select(p => p.Name))}.");
        }

        if (!Manifest.Services.Any(s => s.Name == service))
        {
            throw new LocalException($"There is no Service '{service}'; there are {string.Join(", ", Manifest.Services.Select(s => s.Name))}.");
        }

        _links.Set(from, service, setting);
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

        // Who depends on a StatefulSet was told its address at start, so it keeps it.
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
        if (pod.Status is { ContainerReady: true, Leaving: false } && pod.Template.ReadinessGates.FirstOrDefault(gate => !GateOpen(pod, gate)) is { } gate)
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
        : before.Replicas != after.Replicas ? $"{after.Display} goes from {before.Replicas} to {after.Replicas} replicas"
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
            else if (_controllers.OfType<StatefulSetController>().Count() == Manifest.Workloads.Count(w => w.Kind == WorkloadKind.StatefulSet)
                && _controllers.OfType<StatefulSetController>().All(c => c.Complete))
            {
                _controllers.Add(new DeploymentController(spec, _services));
            }
        }
    }

    /// <summary>A binding's gate holds while the pod's target is healthy; one of an unknown kind is nobody's to open, as in a cluster.</summary>
    private bool GateOpen(Pod pod, string gate)
    {
        const string Prefix = "target-health.elbv2.k8s.aws/";
        return gate.StartsWith(Prefix, StringComparison.Ordinal)
            && Manifest.Bindings.FirstOrDefault(b => b.Name == gate[Prefix.Length..]) is { } binding
            && Balancer.Targets.Any(t => t.Wanted.Pod == pod.Name && t.Wanted.TargetGroup == binding.TargetGroup && t.State == TargetState.Healthy);
    }

    /// <summary>Every pod whose container is ready, in the target group that its Service is bound to, with its workload's propagation.</summary>
    private Dictionary<WantedTarget, TimeSpan> Wanted()
    {
        var wanted = new Dictionary<WantedTarget, TimeSpan>();
        foreach (var binding in Manifest.Bindings)
        {
            if (_directory.Find(binding.Namespace, binding.Service) is not { } service)
            {
                continue;
            }

            foreach (var pod in Pods.Where(p => p.Workload.Namespace == service.Namespace && service.Selector.Selects(p.Template.Labels)))
            {
                if (pod.Status is { ContainerReady: true, Leaving: false } && ServiceDirectory.TargetPort(service, binding.ServicePort, pod.Template) is { } port)
                {
                    wanted[Target(binding.TargetGroup, pod, port)] = pod.Workload.Propagation;
                }
            }
        }

        return wanted;
    }

    /// <summary>A flow that the rules close leads the balancer to where nobody answers.</summary>
    private WantedTarget Target(string group, Pod pod, int port)
    {
        var checkPort = Manifest.TargetGroups.First(g => g.Name == group).CheckPort ?? port;
        return new(group, pod.Name, Open(port), port, checkPort == port ? null : Open(checkPort));

        string Open(int number)
        {
            var passage = _reach.FromBalancer(pod.Workload, number);

            // Pods with networks of their own have real rules in between.
            return passage.IsOpen || Node.Network is not null ? pod.Address.ToString() : _links.Silence(number).Address.ToString();
        }
    }

    /// <summary>Every flow that balancer, monitoring and pods are going to open, by the Plan alone.</summary>
    private IEnumerable<NeededFlow> Needed(IReadOnlyList<ScrapeSpec> scrapes)
    {
        foreach (var binding in Manifest.Bindings)
        {
            foreach (var (workload, port) in Ends(binding.Namespace, binding.Service, binding.ServicePort))
            {
                var check = Manifest.TargetGroups.First(g => g.Name == binding.TargetGroup).CheckPort ?? port;
                foreach (var number in new[] { port, check }.Distinct())
                {
                    yield return new("balancer", workload.Name, number, _reach.FromBalancer(workload, number));
                }
            }
        }

        foreach (var scrape in scrapes)
        {
            foreach (var (workload, port) in Ends(scrape.Namespace, scrape.Service, scrape.Port))
            {
                yield return new("monitoring", workload.Name, port, _reach.FromMonitoring(workload, port));
            }
        }

        foreach (var workload in Manifest.Workloads)
        {
            foreach (var service in _directory.Named(workload))
            {
                foreach (var named in service.Ports)
                {
                    foreach (var (behind, port) in Ends(service.Namespace, service.Name, Text(named.Port)))
                    {
                        yield return new(workload.Name, service.Name, named.Port, _reach.Between(workload, behind, port));
                    }
                }
            }
        }
    }

    /// <summary>The workloads behind a Service's port, and the number that the port is there.</summary>
    private IEnumerable<(WorkloadSpec Workload, int Port)> Ends(string @namespace, string name, string port)
    {
        if (_directory.Find(@namespace, name) is not { } service)
        {
            yield break;
        }

        foreach (var workload in _directory.Behind(service))
        {
            if (ServiceDirectory.TargetPort(service, port, workload.Template) is { } number)
            {
                yield return (workload, number);
            }
        }
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Leads every pod's ways to the pods that are behind the Services now.</summary>
    private void LeadLinks()
    {
        foreach (var pod in Pods)
        {
            foreach (var service in Manifest.Services.Where(service => _links.IsDialled(pod.Name, service.Name)))
            {
                var behind = _directory.Behind(service).FirstOrDefault();
                if (behind is null)
                {
                    continue;
                }

                var target = Pods.Where(p => Same(p.Workload, behind) && p.Status.ProcessId is not null).OrderBy(p => IsReady(p) ? 0 : 1).FirstOrDefault();
                foreach (var port in service.Ports)
                {
                    if (ServiceDirectory.TargetPort(service, Text(port.Port), behind.Template) is { } number)
                    {
                        Lead(pod, service.Name, port.Port, target is null ? null : new(target.Address, number), _reach.Between(pod.Workload, behind, number));
                    }
                }
            }
        }
    }

    private void Lead(Pod pod, string service, int port, IPEndPoint? target, Passage passage)
    {
        if (Node.Network is null)
        {
            _links.Lead(pod, service, port, target, passage);
        }
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

    private Dictionary<string, string> EnvironmentOf(Pod pod)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in pod.Template.Container.Environment)
        {
            var value = entry.Field switch
            {
                null => _directory.Substitute(entry.Value ?? string.Empty, service => ServiceAddress(pod, service)),
                "metadata.name" => pod.Name,
                "metadata.namespace" => pod.Workload.Namespace,
                "status.podIP" => pod.Address.ToString(),
                "spec.nodeName" => Environment.MachineName,
                _ => string.Empty,
            };
            environment[entry.Name] = value;
        }

        return environment;
    }

    /// <summary>
    /// A pod with a network of its own dials the pod behind the Service itself, as over a headless Service. Behind a Service without
    /// pods is somebody who refuses, as in a cluster; a name left as it is would be asked of a name server that knows no cluster.
    /// </summary>
    private string ServiceAddress(Pod pod, ServiceSpec service)
    {
        var link = _links.AddressOf(pod.Name, service.Name);
        if (Node.Network is not { } network)
        {
            return link.ToString();
        }

        var workload = _directory.Behind(service).FirstOrDefault();
        var address = workload switch
        {
            null => null,
            { Kind: WorkloadKind.StatefulSet } => AddressOf(workload, $"{workload.Name}-0"),
            _ => Pods.FirstOrDefault(p => Same(p.Workload, workload) && IsReady(p))?.Address,
        };
        return (address ?? network.Refusing).ToString();
    }

    /// <summary>What the cluster acts by.</summary>
    private sealed record Running(Plan Plan, Manifest Manifest, ImageCatalog Images);
}
