using System.Globalization;
using Candor.Doctor.Model;
using Candor.Planning;
using Candor.Planning.Rules;

namespace Candor.Doctor.Cluster;

/// <summary>What is wrong with a dependency itself, as the cluster shows it.</summary>
/// <param name="Dependency">Its name.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Fix">How to put it right.</param>
/// <param name="Commands">The same as commands.</param>
/// <param name="Evidence">Where it was read.</param>
internal sealed record DependencyRoot(string Dependency, string Sentence, string Fix, IReadOnlyList<string> Commands, Evidence? Evidence);

/// <summary>Looks at what a service depends on.</summary>
internal static class Dependencies
{
    private static readonly (string Kind, string[] Words)[] KindWords =
    [
        ("postgres", ["PostgresException", "NpgsqlException", "Npgsql", "SQLSTATE", "schema", "28P01", "28000"]),
        ("redis", ["Redis", "NOAUTH", "WRONGPASS"]),
        ("rabbitMq", ["RabbitMQ", "BrokerUnreachable", "AMQP", "ACCESS_REFUSED"]),
    ];

    /// <summary>The dependencies that a workload's contract names.</summary>
    internal static IReadOnlyList<(string Name, string Kind, bool Required)> Of(WorkloadFacts workload) =>
        [.. workload.Contract["dependencies"].Items.Where(item => item["name"].Text is not null)
            .Select(item => (item["name"].Text!, item["kind"].Text ?? string.Empty, item["importance"].Text != "soft"))];

    /// <summary>What is wrong with a dependency, or null when the cluster shows nothing, or does not hold it.</summary>
    internal static DependencyRoot? Broken(PodView view, string name)
    {
        var cluster = view.Cluster;
        var workload = cluster.WorkloadBehind(name);
        var service = cluster.Service(name);
        if (workload is null || workload.Name == view.Workload.Name)
        {
            return null;
        }

        var endpoints = cluster.Slices.Where(slice => slice.Service == name).Sum(slice => slice.Ready);
        var none = service.Exists && endpoints == 0 && cluster.Has("endpointslices") ? $" and Service {name} has no endpoint"
            : string.Empty;
        if (workload.Replicas == 0)
        {
            return new(
                name, $"{workload.Title} is scaled to 0 (spec.replicas 0){none}.", "Scale it up; the pods come back by themselves.",
                [view.Kubectl($"scale {workload.Kind.ToLowerInvariant()} {workload.Name} --replicas=1")],
                new("spec.replicas 0", $"kubectl get {workload.Kind.ToLowerInvariant()} {workload.Name}"));
        }

        var ready = workload.Pods.Count(pod => pod.IsReady);
        if (ready == 0)
        {
            return new(
                name, string.Create(CultureInfo.InvariantCulture,
                    $"{workload.Title} has {ready} of {workload.Replicas ?? workload.Pods.Count} pods ready{none}."),
                    $"Look at the pods of {workload.Name} first.",
                [view.Kubectl($"get pods -l app.kubernetes.io/name={workload.Name}")],
                new(string.Create(CultureInfo.InvariantCulture, $"{ready} pods ready"), $"kubectl get pods, {workload.Title}"));
        }

        return none.Length > 0
            ? new(name, $"{workload.Title} is ready{none}: its selector or port is wrong.",
                $"Correct the selector or targetPort of Service {name}.", [view.Kubectl($"get service {name} -o yaml")],
                new("no ready endpoint", $"kubectl get endpointslices, Service {name}"))
            : null;
    }

    /// <summary>The broken dependency that a log line or a detail is about, or null.</summary>
    internal static DependencyRoot? Mentioned(PodView view, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var all = Of(view.Workload);
        return all.Where(one => text.Contains(one.Name, StringComparison.OrdinalIgnoreCase))
            .Concat(all.Where(one => OfKind(one.Kind, text)))
            .Concat(text.Contains("Name or service not known", StringComparison.Ordinal)
                || text.Contains("refused", StringComparison.OrdinalIgnoreCase) ? all.Where(one => one.Required) : [])
            .Select(one => Broken(view, one.Name)).FirstOrDefault(root => root is not null);
    }

    /// <summary>The dependency that an error is of, by its name or the driver's words.</summary>
    internal static string? Guess(PodView view, string text)
    {
        var all = Of(view.Workload);
        return all.Where(one => OfKind(one.Kind, text))
            .Concat(all.Where(one => text.Contains(one.Name, StringComparison.OrdinalIgnoreCase))).Select(one => one.Name).FirstOrDefault();
    }

    /// <summary>Why no packet comes through between a pod and a dependency that is up, as far as NetworkPolicies tell.</summary>
    internal static (string Sentence, string Fix, Confidence Confidence) Path(PodView view, string name)
    {
        var cluster = view.Cluster;
        var workload = cluster.WorkloadBehind(name);
        if (workload is null)
        {
            return ($"{name} is not in this namespace; what stands between drops the packets, or it is down",
                $"Look at {name} itself, then at security groups, NetworkPolicies (egress) and routes to it.", Confidence.Likely);
        }

        var port = Port(cluster, name, workload);
        if (ClusterPlan.Of(cluster) is { } scope && ClusterPlan.Find(scope, view.Workload) is { } from
            && ClusterPlan.Find(scope, workload) is { } to && port is { } number)
        {
            if (!PolicyReach.Reaches(from, number, "TCP", (policy, peer) => !PolicyReach.IsRange(peer)
                && PolicyReach.IsWorkload(policy, peer, to)))
            {
                var names = string.Join(", ", PolicyReach.Deciding(from, "Egress").Select(policy => policy.KubernetesName));
                return ($"NetworkPolicy {names} lets {view.Workload.Name} not out to {name} on TCP {number}",
                    $"Add an egress rule for TCP {number} to the pods of {name} to NetworkPolicy {names}.", Confidence.Certain);
            }

            if (!PolicyReach.Admits(to, number, (policy, peer) => !PolicyReach.IsRange(peer) && PolicyReach.IsWorkload(policy, peer, from)))
            {
                var names = string.Join(", ", PolicyReach.Deciding(to, "Ingress").Select(policy => policy.KubernetesName));
                return ($"NetworkPolicy {names} lets {view.Workload.Name} not in to {name} on TCP {number}",
                    $"Add an ingress rule for TCP {number} from the pods of {view.Workload.Name} to NetworkPolicy {names}.",
                    Confidence.Certain);
            }
        }

        var pod = workload.Pods.FirstOrDefault(one => one.IsReady)?.Name ?? workload.Name;
        var numbered = port is { } known ? string.Create(CultureInfo.InvariantCulture, $" {known}") : string.Empty;
        return (
            $"{pod} is Running and Ready and its Service has an endpoint: the path between them drops packets",
            $"Look at the path: NetworkPolicies {view.Workload.Name} (egress{numbered}) and {workload.Name} (ingress from "
                + $"{view.Workload.Name}) and what enforces them, security groups, the nodes' firewall.",
            Confidence.Likely);
    }

    /// <summary>The Secret or ConfigMap that holds the dependency's address and password, and the variable's name.</summary>
    internal static (string Variable, string? Source) Setting(PodView view, string name)
    {
        var found = view.Spec.Environment.FirstOrDefault(pair => pair.Key.EndsWith("__" + name, StringComparison.OrdinalIgnoreCase));
        found = found.Key is null ? view.Spec.Environment.FirstOrDefault(pair =>
            pair.Key.Contains(name, StringComparison.OrdinalIgnoreCase)) : found;
        return found.Key is null ? ($"ConnectionStrings__{name}", null) : (found.Key, found.Value.Length > 0 ? found.Value : null);
    }

    private static int? Port(ClusterFacts cluster, string name, WorkloadFacts workload) =>
        cluster.Service(name)["spec"]["ports"].Items
            .Select(port => port["targetPort"].Text is { } named ? workload.Main.PortNumber(named)
            : port["targetPort"].Number is { } number ? (int)number : (int?)port["port"].Number).FirstOrDefault();

    private static bool OfKind(string kind, string text) =>
        KindWords.Any(entry => string.Equals(entry.Kind, kind, StringComparison.OrdinalIgnoreCase)
            && entry.Words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
}

/// <summary>The cluster's objects as the rules read a Plan, so that a NetworkPolicy means the same to both.</summary>
internal static class ClusterPlan
{
    internal static LintScope? Of(ClusterFacts cluster)
    {
        try
        {
            return new LintScope(new()
            {
                Project = "cluster",
                Stack = cluster.Namespace,
                Outputs = PlanValue.EmptyObject,
                Resources =
                [
                    .. cluster.Workloads.Where(workload => workload.Object.Exists && workload.Kind is "Deployment" or "StatefulSet")
                        .Select(workload =>
                        Resource(workload.Kind == "Deployment" ? ResourceTypes.Deployment : ResourceTypes.StatefulSet, workload.Object)),
                    .. cluster.Policies.Select(policy => Resource(ResourceTypes.NetworkPolicy, policy)),
                    .. cluster.Services.Select(service => Resource(ResourceTypes.Service, service)),
                ],
            });
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or OverflowException or System.Text.Json.JsonException)
        {
            // Objects that no API server would have taken.
            return null;
        }
    }

    internal static Workload? Find(LintScope scope, WorkloadFacts workload) =>
        scope.Workloads.All.FirstOrDefault(one => one.Resource.KubernetesName == workload.Name);

    private static PlanResource Resource(string type, PlanValue value) =>
        new() { Type = type, Name = value["metadata"]["name"].Text ?? "unnamed", Inputs = value };
}
