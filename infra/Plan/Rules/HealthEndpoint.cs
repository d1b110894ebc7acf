using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>HC002: whether each prober asks an endpoint that the app really has.</summary>
internal static class HealthEndpoint
{
    /// <summary>The query that leaves shared dependencies out.</summary>
    internal const string LocalScope = "?scope=local";

    /// <summary>A path without its query.</summary>
    internal static string PathOf(string path) => path.Split('?', 2)[0];

    /// <summary>The balancer's health check against the contract, or else against the kubelet's probes of the same container.</summary>
    internal static void CheckBalancer(Route route, FindingList findings)
    {
        if (route.Probe is not { } probe)
        {
            return;
        }

        CheckProtocol(route, probe, findings);
        CheckPort(route, probe, findings);
        if (!probe.IsHttp || probe.Path.Value.Known() is not { } path)
        {
            return;
        }

        if (route.Contract is { } contract)
        {
            CheckPath(probe.Path, path, contract.Paths.Readiness, contract, findings);
            return;
        }

        var asked = route.Container?.Probes.Where(kubelet => kubelet.IsHttp).ToList() ?? [];
        if (asked.Count > 0 && asked.TrueForAll(kubelet => kubelet.HttpPath is { } known && PathOf(known) != PathOf(path)))
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Path.Path, $"\"{path}\"",
                $"a path that the kubelet asks too: {string.Join(", ", asked.Select(kubelet => $"\"{kubelet.HttpPath}\" ({kubelet.Kind})").Distinct())}",
                "Ask the path of the readiness probe.");
        }
    }

    /// <summary>The kubelet's probes against the contract.</summary>
    internal static void CheckProbes(Container container, FindingList findings)
    {
        foreach (var probe in container.Probes)
        {
            var host = probe.Value["httpGet"]["host"];
            if (host.Exists && !host.IsUnknown() && container.Workload.Spec["hostNetwork"].Boolean != true)
            {
                findings.Add(HealthCheck.Endpoint, probe.Resource, $"{probe.Path}.httpGet.host", host.Shown(), "not set, so that the pod itself is asked", "Remove the host.");
            }
        }

        if (container.Workload.Contract is not { } contract || !IsApp(container, contract))
        {
            return;
        }

        CheckProbe(container.Readiness, contract.Paths.Readiness, contract, findings);
        CheckProbe(container.Liveness, contract.Paths.Liveness, contract, findings);
        CheckProbe(container.Startup, contract.Paths.Startup, contract, findings);
    }

    private static bool IsApp(Container container, HealthContract contract) => container.PortsUnknown || container.Ports.Count == 0 || container.Declares(contract.Port);

    private static void CheckProbe(Probe? probe, string expected, HealthContract contract, FindingList findings)
    {
        if (probe is null)
        {
            return;
        }

        if (!probe.IsHttp)
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Path, probe.Handler is { } handler ? $"a {handler} probe" : "a command", $"httpGet of \"{expected}\" on port {contract.Port}");
            return;
        }

        var scheme = probe.Value["httpGet"]["scheme"];
        if (scheme.Known() is { } written && !written.Equals("HTTP", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, $"{probe.Path}.httpGet.scheme", scheme.Shown(), $"HTTP, which the app speaks on its port ({contract.Port})", "Set the scheme to HTTP.");
        }

        // Containers of a pod share one address: a probe may go to a sidecar's port. PR006 tells of a name that nobody declares.
        if (probe.PortNumber is { } port && port != contract.Port
            && !probe.Container.Workload.Containers.Any(other => other != probe.Container && (other.PortsUnknown || other.Declares(port))))
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, $"{probe.Path}.httpGet.port", $"{port}", $"the contract's port ({contract.Port}), where the health paths are");
        }

        // PR004 and PR005 tell of a liveness probe that asks what evaluates dependencies.
        if (probe.HttpPath is { } path && !(probe.Kind == "livenessProbe" && PathOf(path) == contract.Paths.Readiness))
        {
            CheckPath(new(probe.Resource, $"{probe.Path}.httpGet.path", probe.Value["httpGet"]["path"]), path, expected, contract, findings);
        }
    }

    private static void CheckPath(Field field, string found, string expected, HealthContract contract, FindingList findings)
    {
        if (PathOf(found) == expected)
        {
            return;
        }

        string[] mapped = [contract.Paths.Liveness, contract.Paths.Readiness, contract.Paths.Startup];
        var answer = Array.IndexOf(mapped, PathOf(found)) switch
        {
            0 => "the liveness path, which evaluates no dependency",
            1 => "the readiness path, which evaluates every dependency",
            2 => "the start-up path, which has no meaning once the app has started",
            _ => "a path that the app does not map",
        };
        findings.Add(HealthCheck.Endpoint, field.Resource, field.Path, $"\"{found}\", {answer}", $"the contract's \"{expected}\"", $"Ask {expected}.");
    }

    private static void CheckPort(Route route, BalancerProbe probe, FindingList findings)
    {
        if (probe.Port.Value.Known() is { } text && text != "traffic-port" && probe.Port.Value.Whole() is null)
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Port.Path, probe.Port.Value.Shown(), "a port number or \"traffic-port\"");
            return;
        }

        if (route.HealthPort is not { } port || port == route.TrafficPort || route.Container is not { PortsUnknown: false } container)
        {
            return;
        }

        if (route.Contract is { } contract)
        {
            // MP001 tells of the management port.
            if (port != contract.Port && port != contract.ManagementPort)
            {
                findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Port.Path, $"{port}", $"the contract's port ({contract.Port})");
            }

            return;
        }

        if (!container.Workload.Containers.Any(candidate => candidate.PortsUnknown || candidate.Declares(port)))
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Port.Path, $"{port}",
                $"a port that {container.Workload.Resource.Name} declares{Declared(container)}", "Probe the port that the container listens on.");
        }
    }

    private static string Declared(Container container) =>
        container.Ports.Count == 0 ? string.Empty : $" ({string.Join(", ", container.Ports.Select(port => port["containerPort"].Shown()))})";

    private static void CheckProtocol(Route route, BalancerProbe probe, FindingList findings)
    {
        var found = probe.Protocol.Value.Known();
        if (found is null)
        {
            return;
        }

        if (route.Contract is { } contract)
        {
            if (!found.Equals("HTTP", StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Protocol.Path, $"\"{found}\"", $"HTTP, which the app speaks on its port ({contract.Port})", "Set the protocol to HTTP.");
            }

            if (route.TargetGroup?.Inputs["protocol"].Known() is { } traffic && !traffic.Equals("HTTP", StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(HealthCheck.Endpoint, route.TargetGroup, "protocol", $"\"{traffic}\"", $"HTTP, which the app speaks on its port ({contract.Port})", "Set the protocol to HTTP.");
            }
        }
        else if (route.TargetGroup?.Inputs["protocol"].Known() is { } served && served is "HTTP" or "HTTPS" && found is "HTTP" or "HTTPS" && served != found && route.HealthPort == route.TrafficPort)
        {
            findings.Add(HealthCheck.Endpoint, probe.Resource, probe.Protocol.Path, $"\"{found}\"", $"the target group's protocol (\"{served}\"), as both mean port {route.TrafficPort}", "Use one protocol for a port.");
        }
    }
}
