using System.Net;

namespace Candor.Local;

/// <content>Who reaches whom: targets of the balancer, needed flows, links and addresses of Services.</content>
internal sealed partial class Cluster
{
    /// <summary>The pods behind a Service's port, whether ready or not: the one that is not is the one to look at.</summary>
    public IEnumerable<(string Pod, IPEndPoint Endpoint)> Scraped(ScrapeSpec scrape)
    {
        if (_directory.Find(scrape.Namespace, scrape.Service) is not { } service)
        {
            yield break;
        }

        foreach (var pod in Pods.Where(
            p =>
                p.Workload.Namespace == service.Namespace && service.Selector.Selects(p.Template.Labels) && p.Status.ProcessId is not null))
        {
            if (ServiceDirectory.TargetPort(service, scrape.Port, pod.Template) is not { } port)
            {
                continue;
            }

            var access = _reach.FromMonitoring(pod.Workload, port);
            yield return (pod.Name, access.IsOpen ? new(pod.Address, port) : _links.Silence(port));
        }
    }

    /// <summary>Reports which needed flows the Plan closes, including those of the monitoring.</summary>
    public void SayClosed(IReadOnlyList<ScrapeSpec> scrapes) => _closed.Say(Needed(scrapes));

    /// <summary>Makes the ways from a pod or workload to a Service behave otherwise.</summary>
    /// <exception cref="LocalException">There is no such pod, workload or Service.</exception>
    public void SetLink(string from, string service, LinkSetting setting)
    {
        if (Node.Network is not null)
        {
            throw new LocalException(
                "With --isolated pods dial each other directly; there is no link to change. Use nftables in the pod's network namespace.");
        }

        if (!Pods.Any(p => p.Name == from || p.Workload.Name == from))
        {
            throw new LocalException($"There is no pod or workload '{from}'; there are {string.Join(", ", Pods.Select(p => p.Name))}.");
        }

        if (!Manifest.Services.Any(s => s.Name == service))
        {
            throw new LocalException(
                $"There is no Service '{service}'; there are {string.Join(", ", Manifest.Services.Select(s => s.Name))}.");
        }

        _links.Set(from, service, setting);
    }

    /// <summary>
    /// Every pod whose container is ready, in the target group that its Service is bound to, with its workload's propagation.
    /// </summary>
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
                if (pod.Status is { ContainerReady: true, Leaving: false }
                    && ServiceDirectory.TargetPort(service, binding.ServicePort, pod.Template) is { } port)
                {
                    wanted[Target(binding.TargetGroup, pod, port)] = pod.Workload.Propagation;
                }
            }
        }

        return wanted;
    }

    /// <summary>A flow that the rules close leads the balancer to an endpoint that never answers.</summary>
    private WantedTarget Target(string group, Pod pod, int port)
    {
        var checkPort = Manifest.TargetGroups.First(g => g.Name == group).CheckPort ?? port;
        return new(group, pod.Name, Open(port), port, checkPort == port ? null : Open(checkPort));

        string Open(int number)
        {
            var access = _reach.FromBalancer(pod.Workload, number);

            // Pods with networks of their own have real rules in between.
            return access.IsOpen || Node.Network is not null ? pod.Address.ToString() : _links.Silence(number).Address.ToString();
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

                var target = Pods.Where(p => Same(p.Workload, behind) && p.Status.ProcessId is not null)
                    .OrderBy(p => IsReady(p) ? 0 : 1)
                    .FirstOrDefault();
                foreach (var port in service.Ports)
                {
                    if (ServiceDirectory.TargetPort(service, Text(port.Port), behind.Template) is { } number)
                    {
                        Lead(
                            pod,
                            service.Name,
                            port.Port,
                            target is null ? null : new(target.Address, number),
                            _reach.Between(pod.Workload, behind, number));
                    }
                }
            }
        }
    }

    private void Lead(Pod pod, string service, int port, IPEndPoint? target, FlowAccess access)
    {
        if (Node.Network is null)
        {
            _links.Lead(pod, service, port, target, access);
        }
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
}
