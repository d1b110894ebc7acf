namespace Candor.Planning.Rules;

/// <summary>Finds every route of a Plan, by following references the way the controllers do.</summary>
internal sealed class RouteFinder(Plan plan, WorkloadIndex workloads, BalancerIndex balancers, TargetIndex targets)
{

    internal IReadOnlyList<Route> Find() => [.. OfTargetGroups(), .. OfIngresses(), .. OfGatewayRoutes(), .. OfLoadBalancerServices()];

    private IEnumerable<Route> OfTargetGroups()
    {
        var bindings = plan.Index.OfType(ResourceTypes.TargetGroupBinding)
            .ToLookup(binding => plan.Index.Resolve(binding.Inputs["spec"]["targetGroupARN"].Text)?.Urn, StringComparer.Ordinal);
        foreach (var group in plan.Index.OfType(ResourceTypes.TargetGroup))
        {
            var route = new Route
            {
                Kind = BalancerKind.TargetGroup,
                TargetGroup = group,
                Probe = BalancerProbe.OfTargetGroup(group),
                Balancers = balancers.Of(group),
                Uncertain = true,
            };
            var found = false;
            foreach (var binding in bindings[group.Urn])
            {
                found = true;
                var reference = binding.Inputs["spec"]["serviceRef"];
                foreach (var resolved in Resolve(route with { Binding = binding }, binding.KubernetesNamespace, reference["name"], reference["port"]))
                {
                    yield return resolved;
                }
            }

            foreach (var other in targets.Of(group))
            {
                found = true;
                yield return route with { Targets = other };
            }

            if (!found)
            {
                yield return route;
            }
        }
    }

    private IEnumerable<Route> OfIngresses()
    {
        foreach (var ingress in plan.Index.OfType(ResourceTypes.Ingress))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var service in Backends(ingress).Where(service => seen.Add(service.ToString())))
            {
                var port = service["port"];
                var older = service["servicePort"];
                var asked = older.Exists ? older : port["number"].Exists ? port["number"] : port["name"];
                var route = new Route { Kind = KindOf(ingress), Ingress = ingress };
                var name = older.Exists ? service["serviceName"] : service["name"];
                foreach (var resolved in Resolve(route, ingress.KubernetesNamespace, name, asked))
                {
                    yield return ControllerAnnotations.Apply(WithBackendConfig(resolved));
                }
            }
        }
    }

    private IEnumerable<Route> OfGatewayRoutes()
    {
        var policies = plan.Index.OfType(KubernetesTypes.HealthCheckPolicy)
            .ToLookup(policy => (policy.KubernetesNamespace, policy.Inputs["spec"]["targetRef"]["name"].Text));
        foreach (var gateway in KubernetesTypes.GatewayRoutes.SelectMany(plan.Index.OfType))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var backend in gateway.Inputs["spec"]["rules"].Items.SelectMany(rule => rule["backendRefs"].Items).Where(backend => seen.Add(backend.ToString())))
            {
                // A backend may also be a bucket, or a Service that another cluster exports.
                if (backend["kind"].Text is not (null or "Service"))
                {
                    continue;
                }

                var @namespace = backend["namespace"].Text ?? gateway.KubernetesNamespace;
                var route = new Route { Kind = BalancerKind.Other, Ingress = gateway };
                foreach (var resolved in Resolve(route, @namespace, backend["name"], backend["port"]))
                {
                    var policy = resolved.Service is { } service ? policies[(service.KubernetesNamespace, service.KubernetesName)].FirstOrDefault() : null;
                    yield return policy is null ? resolved : resolved with { Kind = BalancerKind.Gke, Probe = BalancerProbe.OfHealthCheckPolicy(policy) };
                }
            }
        }
    }

    private IEnumerable<Route> OfLoadBalancerServices() =>
        plan.Index.OfType(ResourceTypes.Service)
            .Where(service => service.Inputs["spec"]["type"].Text == "LoadBalancer")
            .SelectMany(service => service.Inputs["spec"]["ports"].Items.SelectMany(port =>
                ToPods(new Route { Kind = BalancerKind.Other, Service = service }, service, port["port"]).Select(ControllerAnnotations.Apply)));

    private IEnumerable<Route> Resolve(Route route, string @namespace, PlanValue name, PlanValue port)
    {
        var service = plan.Index.Kubernetes(ResourceTypes.Service, @namespace, name.Known());
        return service is null ? [route with { Uncertain = true }] : ToPods(route with { Service = service, Uncertain = false }, service, port);
    }

    private IEnumerable<Route> ToPods(Route route, PlanResource service, PlanValue port)
    {
        var ports = service.Inputs["spec"]["ports"].Items.ToList();
        var isNginx = route.Kind == BalancerKind.Nginx;
        var index = ports.FindIndex(candidate => Same(candidate, port) || (isNginx && SameTarget(candidate, port)));
        var entry = index < 0 ? PlanValue.Missing : ports[index];
        var target = entry["targetPort"].Exists ? entry["targetPort"] : entry["port"];
        var toPods = route with { ServicePort = entry, ServicePortPath = index < 0 ? "spec.ports" : $"spec.ports[{index}]", TargetPort = target };
        var behind = workloads.SelectedBy(service);
        return behind.Count == 0
            ? [toPods with { Uncertain = true }]
            : behind.Select(workload => toPods with { Workload = workload, Container = entry.Exists ? workload.ContainerOf(target) : null });
    }

    private static bool Same(PlanValue entry, PlanValue port) =>
        port.Whole() is { } number ? entry["port"].Whole() == number : port.Known() is { } name && entry["name"].Text == name;

    // ingress-nginx also takes a Service's target port for the port.
    private static bool SameTarget(PlanValue entry, PlanValue port) =>
        port.Whole() is { } number ? entry["targetPort"].Whole() == number : port.Known() is { } name && entry["targetPort"].Text == name;

    private static IEnumerable<PlanValue> Backends(PlanResource ingress) =>
        ingress.Inputs["spec"]["rules"].Items
            .SelectMany(rule => rule["http"]["paths"].Items)
            .Select(path => Backend(path["backend"]))
            .Append(Backend(ingress.Inputs["spec"]["defaultBackend"]))
            .Append(Backend(ingress.Inputs["spec"]["backend"]))
            .Where(service => service.Exists);

    // Up to v1beta1 a backend was {serviceName, servicePort}.
    private static PlanValue Backend(PlanValue backend) => backend["serviceName"].Exists ? backend : backend["service"];

    private static BalancerKind KindOf(PlanResource ingress) =>
        (ingress.Inputs["spec"]["ingressClassName"].Text ?? ingress.Inputs["metadata"]["annotations"]["kubernetes.io/ingress.class"].Text) switch
        {
            "gce" or "gce-internal" => BalancerKind.Gke,
            "alb" => BalancerKind.Controller,
            { } name when name.Contains("nginx", StringComparison.Ordinal) => BalancerKind.Nginx,
            _ => ControllerAnnotations.AreOn(ingress) ? BalancerKind.Controller : BalancerKind.Other,
        };

    private Route WithBackendConfig(Route route)
    {
        var annotations = route.Service?.Inputs["metadata"]["annotations"] ?? PlanValue.Missing;
        var text = annotations["cloud.google.com/backend-config"].Known() ?? annotations["beta.cloud.google.com/backend-config"].Known();
        if (route.Service is not { } service || BackendConfigName(text, route.ServicePort) is not { } name)
        {
            return route;
        }

        var config = KubernetesTypes.BackendConfig.Select(type => plan.Index.Kubernetes(type, service.KubernetesNamespace, name)).FirstOrDefault(found => found is not null);
        return route with { Kind = BalancerKind.Gke, BackendConfig = config, Probe = config is null ? null : BalancerProbe.OfBackendConfig(config) };
    }

    /// <summary>The annotation is JSON: <c>{"default": name}</c> or <c>{"ports": {port or its name: name}}</c>.</summary>
    internal static string? BackendConfigName(string? annotation, PlanValue port)
    {
        var read = EmbeddedJson.Parse(annotation);
        var ports = read["ports"];
        var byName = port["name"].Text is { } portName ? ports[portName].Text : null;
        var byNumber = port["port"].Whole() is { } number ? ports[number.ToString(System.Globalization.CultureInfo.InvariantCulture)].Text : null;
        return byName ?? byNumber ?? read["default"].Text;
    }
}
