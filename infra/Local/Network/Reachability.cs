using Candor.Planning;
using Candor.Planning.Rules;

namespace Candor.Local;

/// <summary>Whether a flow is let through, and if not, by what it is stopped.</summary>
internal readonly record struct FlowAccess(string? StoppedBy)
{
    public static FlowAccess Open => default;

    public bool IsOpen => StoppedBy is null;
}

/// <summary>
/// Which flows the Plan's security groups and NetworkPolicies let through. It reads them as the rules do, so that what lint calls
/// closed is closed here. The kubelet always reaches the pods of its node, independently of the policies
/// (<see href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Kubernetes documentation</see>).
/// </summary>
internal sealed class Reachability(Plan plan)
{
    private readonly LintScope _scope = new(plan);

    /// <summary>From the balancer to a workload's pods.</summary>
    public FlowAccess FromBalancer(WorkloadSpec to, int port)
    {
        if (Find(to) is not { } workload)
        {
            return FlowAccess.Open;
        }

        if (!PolicyReach.Admits(workload, port, (_, peer) => PolicyReach.IsRange(peer)))
        {
            return Stopped(
                "NetworkPolicy", PolicyReach.Deciding(workload, "Ingress"), $"has no ingress rule for port {port} from the balancer");
        }

        return _scope.Routes.Where(route => route.Workload == workload)
            .SelectMany(route => route.Balancers.Select(balancer => Groups(route, balancer, port)))
            .FirstOrDefault(access => !access.IsOpen);
    }

    /// <summary>
    /// From one workload's pods to another's: by the NetworkPolicies. Security groups do not come into it, for both sides are in the
    /// cluster's own group too, which admits its members.
    /// </summary>
    public FlowAccess Between(WorkloadSpec from, WorkloadSpec to, int port)
    {
        if (Find(from) is not { } source || Find(to) is not { } target)
        {
            return FlowAccess.Open;
        }

        if (!PolicyReach.Reaches(
            source, port, "TCP", (policy, peer) => !PolicyReach.IsRange(peer) && PolicyReach.IsWorkload(policy, peer, target)))
        {
            return Stopped("NetworkPolicy", PolicyReach.Deciding(source, "Egress"), $"has no egress rule for port {port} to {to.Name}");
        }

        return PolicyReach.Admits(
            target, port, (policy, peer) => !PolicyReach.IsRange(peer) && PolicyReach.IsWorkload(policy, peer, source))
            ? FlowAccess.Open
            : Stopped("NetworkPolicy", PolicyReach.Deciding(target, "Ingress"), $"has no ingress rule for port {port} from {from.Name}");
    }

    /// <summary>From the monitoring to a workload's pods.</summary>
    public FlowAccess FromMonitoring(WorkloadSpec to, int port) =>
        Find(to) is { } workload && !PolicyReach.Admits(workload, port, (_, peer) => peer["namespaceSelector"].Exists)
            ? Stopped(
                "NetworkPolicy", PolicyReach.Deciding(workload, "Ingress"), $"has no ingress rule for port {port} from the monitoring")
            : FlowAccess.Open;

    /// <summary>A group that the Plan does not declare may let through anything, so nothing is held against it.</summary>
    private FlowAccess Groups(Route route, PlanResource balancer, int port)
    {
        var groups = new GroupsOfPods(_scope);
        if (GroupsOfPods.OfBalancer(balancer) is not { } around || !groups.AreDeclared(around))
        {
            return FlowAccess.Open;
        }

        // The cluster's own group, which the Plan only names, admits its members and no balancer.
        var pods = groups.Of(route, around).Where(group => groups.AreDeclared([group])).ToList();
        if (!_scope.Flows.Any(flow => !flow.IsIngress && flow.Group is { } group && around.Contains(group) && flow.MayCover(port) && (
            pods.Count == 0 || To(flow, pods))))
        {
            return Stopped(
                "SecurityGroup", around.Select(groups.Resource).OfType<PlanResource>(), $"has no egress rule for port {port} to the pods");
        }

        return pods.Count == 0
            || _scope.Flows.Any(
                flow => flow.IsIngress && flow.Group is { } group && pods.Contains(group) && flow.MayCover(port) && To(flow, around))
            ? FlowAccess.Open
            : Stopped(
                "SecurityGroup",
                pods.Select(groups.Resource).OfType<PlanResource>(),
                $"has no ingress rule for port {port} from the balancer");
    }

    private static bool To(Candor.Planning.Rules.Flow flow, IReadOnlyList<string> groups) =>
        flow.PeersUnknown || flow.Ranges.Count > 0 || flow.PrefixLists.Count > 0 || flow.Groups.Any(groups.Contains);

    private static FlowAccess Stopped(string kind, IEnumerable<PlanResource> by, string why) =>
        new($"{kind} {string.Join(", ", by.Select(resource => resource.Name))} {why}");

    private Workload? Find(WorkloadSpec spec) =>
        _scope.Workloads.All.FirstOrDefault(w => w.Namespace == spec.Namespace
            && w.Resource.KubernetesName == spec.Name
            && w.IsDeployment == (spec.Kind == WorkloadKind.Deployment));
}
