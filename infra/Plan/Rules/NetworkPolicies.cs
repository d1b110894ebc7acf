using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>NP: whether the NetworkPolicies let through what health needs.</summary>
internal sealed class NetworkPolicies : RuleFamily
{
    internal static readonly Rule Admits = new()
    {
        Id = "NP001",
        Severity = Severity.Error,
        Holds = "the NetworkPolicy admits the balancer on traffic and health ports, and the monitoring on the management port (the kubelet needs no rule: what comes from a pod's own node is always admitted)",
        Why = "The balancer's probes and users' requests would be dropped in silence, and an app that is fine be ejected.",
        Fix = "Add an ingress rule for the port.",
        Example = "spec.ingress is no rule for port 8080 from addresses outside of the cluster, expected TCP 8080 from the balancer",
        Counterparts = new("pod-networkpolicy, networkpolicy-targets-pod (that there is one)", "non-isolated-pod (that there is one)", "missingNetworkPolicy (that there is one)", "C-0030 (that there is one)"),
    };

    internal static readonly Rule Reaches = new()
    {
        Id = "NP002",
        Severity = Severity.Error,
        Holds = "policies and security groups let the pods reach DNS and every dependency that health dials, on both sides",
        Why = "Health would call a dependency down that is fine, and the balancer eject every instance.",
        Fix = "Add a rule for the port.",
        Example = "spec.egress is no rule for port 5432, expected TCP 5432 to the dependency database",
    };

    private const int Dns = 53;

    /// <summary>From where Google's balancers and probers come (<see href="https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges">Google's documentation</see>).</summary>
    private static readonly string[] GoogleProbers = ["35.191.0.0/16", "130.211.0.0/22"];

    /// <inheritdoc />
    public override string Title => "Network policies";

    /// <inheritdoc />
    public override string Reads =>
        "NetworkPolicies and security groups around pods; contracts for what they dial";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Admits, Reaches];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var route in scope.Routes.Where(route => route.Workload is not null))
        {
            CheckBalancer(route, route.Workload!, findings);
        }

        foreach (var policy in scope.OfType(ResourceTypes.NetworkPolicy))
        {
            CheckSelects(scope, policy, findings);
        }

        var policies = scope.OfType(ResourceTypes.NetworkPolicy).ToLookup(policy => policy.KubernetesNamespace, StringComparer.Ordinal);
        foreach (var workload in scope.Routed.Where(workload => workload is { Contract: not null, Policies.Count: 0, LabelsUnknown: false }))
        {
            CheckSelected([.. policies[workload.Namespace]], workload, findings);
        }

        var monitored = Monitored(scope);
        foreach (var workload in scope.Workloads.All)
        {
            CheckMonitoring(workload, monitored.Contains(workload), findings);
            CheckDns(workload, findings);
            CheckDependencies(scope, workload, findings);
        }

        DependencyGroups.Check(scope, findings);
    }

    // In a namespace whose services have contracts, the Plan knows every workload; elsewhere others may deploy pods too.
    private static void CheckSelects(LintScope scope, PlanResource policy, FindingList findings)
    {
        var selector = policy.Inputs["spec"]["podSelector"];
        if (scope.Workloads.SelectedBy(policy).Count == 0 && !selector.HasUnknown() && scope.Workloads.In(policy.KubernetesNamespace).Any(workload => workload.Contract is not null) && !scope.Workloads.LabelsUnknownIn(policy.KubernetesNamespace))
        {
            findings.Add(Admits, policy, "spec.podSelector", selector.Shown(), $"the labels of pods in namespace {policy.KubernetesNamespace}", "Select the pods by their labels.",
                Severity.Warning, "A policy that selects nothing guards nothing.");
        }
    }

    private static void CheckSelected(List<PlanResource> policies, Workload workload, FindingList findings)
    {
        if (policies.Count > 0 && !policies.Exists(policy => policy.Inputs["spec"]["podSelector"].HasUnknown()))
        {
            findings.Add(Admits, workload.Resource, "spec.template.metadata.labels", "selected by no NetworkPolicy", $"one, as other pods in namespace {workload.Namespace} are", "Add a NetworkPolicy that selects the pods.",
                Severity.Warning, "Everybody in the cluster reaches them, the management port too.");
        }
    }

    private static void CheckBalancer(Route route, Workload workload, FindingList findings)
    {
        int?[] ports = [route.TrafficPort, route.HealthPort];
        foreach (var port in ports.OfType<int>().Distinct().Where(workload.MayListenOn))
        {
            var what = port == route.TrafficPort ? "traffic" : "health";
            if (route.Kind == BalancerKind.Gke)
            {
                foreach (var range in GoogleProbers)
                {
                    Expect(port, (_, peer) => IpRange.Holds(peer["ipBlock"]["cidr"].Known(), range) == true || peer["ipBlock"]["cidr"].IsUnknown(), $"{what} port {port} from {range}", $"TCP {port} from Google's probers ({range})");
                }
            }
            else if (route.Kind == BalancerKind.Nginx)
            {
                Expect(port, (_, peer) => PolicyReach.IsRange(peer) || peer["namespaceSelector"].Exists, $"{what} port {port} from another namespace", $"TCP {port} from the ingress controller");
            }
            else
            {
                Expect(port, (_, peer) => PolicyReach.IsRange(peer), $"{what} port {port} from addresses outside of the cluster", $"TCP {port} from the balancer's addresses");
            }
        }

        void Expect(int port, Func<PlanResource, PlanValue, bool> peer, string missing, string expected)
        {
            if (!PolicyReach.Admits(workload, port, peer))
            {
                findings.Add(Admits, PolicyReach.Deciding(workload, "Ingress").First(), "spec.ingress", $"no rule for the {missing}", expected);
            }
        }
    }

    private static void CheckMonitoring(Workload workload, bool isMonitored, FindingList findings)
    {
        if (workload.Contract is not { } contract || !isMonitored || !workload.Containers.Any(container => container.Declares(contract.ManagementPort)))
        {
            return;
        }

        if (!PolicyReach.Admits(workload, contract.ManagementPort, (_, _) => true))
        {
            findings.Add(Admits, PolicyReach.Deciding(workload, "Ingress").First(), "spec.ingress", $"no rule for the management port {contract.ManagementPort}", $"TCP {contract.ManagementPort} from the monitoring's namespace");
        }
    }

    // Monitors select Services, or pods, by their labels, in their own namespace unless they say another.
    private static HashSet<Workload> Monitored(LintScope scope)
    {
        var services = new LabelIndex<PlanResource>(scope.OfType(ResourceTypes.Service).Select(service => (service, string.Empty, service.Inputs["metadata"]["labels"])));
        var pods = new LabelIndex<Workload>(scope.Workloads.All.Select(workload => (workload, string.Empty, workload.Labels)));
        return
        [
            .. scope.OfType(ResourceTypes.ServiceMonitor).SelectMany(monitor => services.Select(string.Empty, monitor.Inputs["spec"]["selector"])).SelectMany(scope.Workloads.SelectedBy),
            .. scope.OfType(KubernetesTypes.PodMonitor).SelectMany(monitor => pods.Select(string.Empty, monitor.Inputs["spec"]["selector"])),
        ];
    }

    private static void CheckDns(Workload workload, FindingList findings)
    {
        // A workload that dials nobody needs no names.
        if (workload.Contract is not { Dependencies.Count: > 0 })
        {
            return;
        }

        if (!PolicyReach.Reaches(workload, Dns, "UDP", (_, peer) => MayBeDns(peer)))
        {
            findings.Add(Reaches, PolicyReach.Deciding(workload, "Egress").First(), "spec.egress", "no rule for UDP 53", "UDP and TCP 53 to the cluster's DNS");
        }
    }

    // Cluster DNS is in kube-system, or in a namespace that says what it is for (openshift-dns).
    private static bool MayBeDns(PlanValue peer) =>
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].Known() is not { } name
        || name == "kube-system" || name.Contains("dns", StringComparison.Ordinal);

    private static void CheckDependencies(LintScope scope, Workload workload, FindingList findings)
    {
        if (workload.Contract is not { } contract || workload.Containers.FirstOrDefault(container => container.Declares(contract.Port)) is not { } container)
        {
            return;
        }

        foreach (var dependency in contract.Dependencies.Where(dependency => dependency.Scope == DependencyScope.Shared))
        {
            var address = DialledAddress.Of(scope, workload, container, dependency);
            if (!PolicyReach.Reaches(workload, address.Port, "TCP", (policy, peer) => address.Workloads.Count == 0 || address.Workloads.Any(pods => PolicyReach.IsWorkload(policy, peer, pods))))
            {
                findings.Add(Reaches, PolicyReach.Deciding(workload, "Egress").First(), "spec.egress", $"no rule for port {address.Port} of {dependency.Name}", $"TCP {address.Port} to the dependency {dependency.Name}");
            }

            foreach (var pods in address.Workloads.Where(pods => !PolicyReach.Admits(pods, address.Port, (policy, peer) => PolicyReach.IsWorkload(policy, peer, workload) && !PolicyReach.IsRange(peer))))
            {
                findings.Add(Reaches, PolicyReach.Deciding(pods, "Ingress").First(), "spec.ingress", $"no rule for port {address.Port} from {workload.Resource.Name}", $"TCP {address.Port} from {workload.Resource.Name}, whose contract names {dependency.Name}");
            }
        }
    }
}
