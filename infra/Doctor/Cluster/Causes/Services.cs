using System.Globalization;
using Candor.Contract;
using Candor.Doctor.Model;
using Candor.Planning;
using Candor.Planning.Rules;
using Finding = Candor.Doctor.Model.Finding;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>A Service selects nobody.</summary>
internal sealed class ServiceSelector : ClusterCause
{
    private static bool Resembles(string? wanted, string? label) => wanted is not null && label is not null && NearestName.Of(wanted, [label]) is not null;

    internal override string Id => "service-selector";

    internal override IReadOnlyList<string> Needs => ["services", "deployments"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        // Without the right to read workloads, nothing says whom a Service should select.
        if (!facts.Has("deployments") || facts.Workloads.Count == 0)
        {
            yield break;
        }

        foreach (var service in facts.Services.Where(one => one["spec"]["selector"].Properties.Any()))
        {
            var selector = service["spec"]["selector"];
            if (facts.Workloads.Any(workload => LabelSelector.MatchesService(selector, workload.PodLabels)))
            {
                continue;
            }

            var name = NameOf(service);
            var meant = facts.Workloads.FirstOrDefault(workload => workload.Name == name)
                ?? facts.Workloads.Where(workload => selector.Properties.Any(pair => workload.PodLabels[pair.Key].Text == pair.Value.Text || Resembles(pair.Value.Text, workload.PodLabels[pair.Key].Text)))
                    .MaxBy(workload => selector.Properties.Count(pair => workload.PodLabels[pair.Key].Text == pair.Value.Text));
            if (meant is null)
            {
                // What it is for may run elsewhere, or not yet; whoever needs it says so.
                continue;
            }

            var wrong = selector.Properties.Where(pair => meant.PodLabels[pair.Key].Text != pair.Value.Text).ToList();
            var right = string.Join(",", wrong.Select(pair => $"{pair.Key}={meant.PodLabels[pair.Key].Text ?? "(no such label)"}"));
            var ready = meant.Pods.Count(pod => pod.IsReady);
            var bound = facts.Bindings.Any(binding => binding["spec"]["serviceRef"]["name"].Text == name);
            yield return Of(
                meant.IsService ? meant.Name : name, PathStep.Balancer,
                string.Create(CultureInfo.InvariantCulture, $"Service {name} selects {string.Join(",", wrong.Select(pair => $"{pair.Key}={pair.Value.Text}"))}, and no pod has that label; the pods of {meant.Title} have {right} ({ready} ready){(bound ? ": the target group that is filled through it is empty" : string.Empty)}."),
                "Correct the selector.",
                new Evidence($"selector {Selector(selector)}", $"Service {name}, spec.selector"),
                new Evidence(right, $"{meant.Title}, pod template labels"),
                facts.Has("endpointslices") ? new Evidence("no endpoints", $"EndpointSlice of Service {name}") : null) with
            {
                Commands = [.. wrong.Select(pair => $"-   {pair.Key}: {pair.Value.Text}"), .. wrong.Select(pair => $"+   {pair.Key}: {meant.PodLabels[pair.Key].Text}")],
            };
        }
    }
}

/// <summary>A Service sends to a port that its pods do not have.</summary>
internal sealed class ServiceTargetPort : ClusterCause
{
    internal override string Id => "service-target-port";

    internal override IReadOnlyList<string> Needs => ["services", "deployments"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        foreach (var service in facts.Services)
        {
            var name = NameOf(service);
            foreach (var workload in facts.Workloads.Where(one => one.Object.Exists && LabelSelector.MatchesService(service["spec"]["selector"], one.PodLabels)))
            {
                var ports = workload.Object["spec"]["template"]["spec"]["containers"].Items.SelectMany(container => container["ports"].Items).ToList();
                foreach (var port in service["spec"]["ports"].Items)
                {
                    var target = port["targetPort"].Exists ? port["targetPort"] : port["port"];
                    var declared = string.Join(", ", ports.Select(one => $"{one["name"].Text ?? "unnamed"} {one["containerPort"].Number?.ToString(CultureInfo.InvariantCulture)}"));
                    if (target.Text is { } named && int.TryParse(named, out _) is false && !ports.Any(one => one["name"].Text == named))
                    {
                        yield return Of(
                            workload.Name, PathStep.Port,
                            $"Service {name} sends to the port named \"{named}\", and the pods of {workload.Title} declare {declared}: its endpoints have no port.",
                            "Correct targetPort, or name the container's port so.",
                            new Evidence($"targetPort {named}", $"Service {name}, spec.ports"), new Evidence(declared, $"{workload.Title}, container ports"),
                            facts.Has("endpointslices") && facts.Slices.Any(slice => slice.Service == name && !slice.HasPorts) ? new Evidence("ports null", $"EndpointSlice of Service {name}") : null);
                    }
                    else if (target.Number is { } number && workload.Port is { } agreed && ports.Count > 0 && !ports.Any(one => one["containerPort"].Number == number) && number != agreed && target.Text is null)
                    {
                        yield return Of(
                            workload.Name, PathStep.Port,
                            string.Create(CultureInfo.InvariantCulture, $"Service {name} sends to port {number}, and the pods of {workload.Title} declare {declared} (contract: {agreed})."),
                            "Correct targetPort.",
                            new Evidence(string.Create(CultureInfo.InvariantCulture, $"targetPort {number}"), $"Service {name}, spec.ports"), new Evidence(declared, $"{workload.Title}, container ports")) with
                        { Confidence = Confidence.Likely };
                    }
                }
            }
        }
    }
}

/// <summary>A TargetGroupBinding names a Service or port that is not there.</summary>
internal sealed class BindingService : ClusterCause
{
    internal override string Id => "target-group-binding";

    internal override IReadOnlyList<string> Needs => ["targetgroupbindings", "services"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        if (!facts.Has("services"))
        {
            yield break;
        }

        foreach (var binding in facts.Bindings)
        {
            var reference = binding["spec"]["serviceRef"];
            var service = facts.Service(reference["name"].Text ?? string.Empty);
            var name = NameOf(binding);
            if (!service.Exists)
            {
                yield return Of(
                    name, PathStep.Balancer, $"TargetGroupBinding {name} names Service {reference["name"].Text}, which does not exist: no target is registered, and its status does not show it.",
                    $"Correct serviceRef.name; there are {string.Join(", ", facts.Services.Select(NameOf).Take(6))}.", new Evidence($"serviceRef {reference}", $"TargetGroupBinding {name}"));
                continue;
            }

            var port = reference["port"];
            if (port.Exists && !service["spec"]["ports"].Items.Any(one => port.Text is { } named && !int.TryParse(named, out _) ? one["name"].Text == named : one["port"].Number == port.Number))
            {
                yield return Of(
                    name, PathStep.Balancer,
                    $"TargetGroupBinding {name} names port {port.Text ?? port.Number?.ToString(CultureInfo.InvariantCulture)} of Service {NameOf(service)}, which has {string.Join(", ", service["spec"]["ports"].Items.Select(one => one["port"].Number?.ToString(CultureInfo.InvariantCulture)))}: no target is registered.",
                    "Correct serviceRef.port.", new Evidence($"serviceRef {reference}", $"TargetGroupBinding {name}"));
            }
        }
    }
}

/// <summary>A NetworkPolicy does not admit the balancer.</summary>
internal sealed class PolicyLacksBalancer : ClusterCause
{
    internal override string Id => "network-policy-balancer";

    internal override string Name => "network policy without the balancer's ranges";

    internal override IReadOnlyList<string> Needs => ["networkpolicies", "targetgroupbindings"];

    internal override IEnumerable<Finding> Find(ClusterFacts facts)
    {
        if (facts.Expected.BalancerRanges.Count == 0 || facts.Policies.Count == 0 || ClusterPlan.Of(facts) is not { } scope)
        {
            yield break;
        }

        foreach (var service in facts.Bindings.Select(binding => facts.Service(binding["spec"]["serviceRef"]["name"].Text ?? string.Empty)).Where(service => service.Exists))
        {
            foreach (var workload in facts.Workloads.Where(one => LabelSelector.MatchesService(service["spec"]["selector"], one.PodLabels)))
            {
                if (ClusterPlan.Find(scope, workload) is not { } pods || (workload.Port ?? Target(service, workload)) is not { } port)
                {
                    continue;
                }

                var refused = facts.Expected.BalancerRanges.Where(range => !PolicyReach.Admits(pods, port, (_, peer) => Holds(peer, range))).ToList();
                if (refused.Count == 0)
                {
                    continue;
                }

                var policies = PolicyReach.Deciding(pods, "Ingress").ToList();
                var admitted = policies.SelectMany(policy => policy.Inputs["spec"]["ingress"].Items.Where(rule => !rule["ports"].Items.Any() || rule["ports"].Items.Any(one => one["port"].Number == port || (one["port"].Text is { } named && workload.Main.PortNumber(named) == port))))
                    .SelectMany(rule => rule["from"].Items.Select(peer => peer["ipBlock"]["cidr"].Text ?? "some pods")).Distinct().ToList();
                var names = string.Join(", ", policies.Select(policy => policy.KubernetesName));
                yield return Of(
                    workload.Name, PathStep.NetworkPolicy,
                    $"NetworkPolicy {names} admits {(admitted.Count == 0 ? "no peer" : "only " + string.Join(" and ", admitted.Take(4)))} to port {port}: the balancer's subnets {string.Join(", ", refused)} are not among them, so its checks time out where policies are enforced.".Replace("nobody but nobody", "nobody", StringComparison.Ordinal),
                    $"Add an ingress rule for TCP {port} from {string.Join(", ", refused)} to NetworkPolicy {names}.",
                    new Evidence($"admitted to port {port}: {(admitted.Count == 0 ? "nobody" : string.Join(", ", admitted))}", $"NetworkPolicy {names}, spec.ingress"),
                    new Evidence($"balancer's ranges {string.Join(", ", facts.Expected.BalancerRanges)}", facts.Expected.RangesSource)) with
                {
                    Fault = "F102",
                    Confidence = Confidence.Likely,
                    Commands = ["+   - from:", .. refused.Select(range => $"+       - ipBlock: {{cidr: {range}}}"), $"+     ports: [{{port: {port}, protocol: TCP}}]"],
                };
            }
        }
    }

    private static bool Holds(PlanValue peer, string range) =>
        peer["ipBlock"].Exists && IpRange.Holds(peer["ipBlock"]["cidr"].Text, range) == true && !peer["ipBlock"]["except"].Items.Any(except => IpRange.Holds(except.Text, range) == true);

    private static int? Target(PlanValue service, WorkloadFacts workload)
    {
        var target = service["spec"]["ports"].Items.FirstOrDefault()["targetPort"];
        return target.Text is { } named ? workload.Main.PortNumber(named) : target.Number is { } number ? (int)number : null;
    }
}
