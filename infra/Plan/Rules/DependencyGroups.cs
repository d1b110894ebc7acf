using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>NP002 by security groups: whether the pods' groups let them reach what they depend on, and DNS.</summary>
internal static class DependencyGroups
{
    private const int Dns = 53;

    internal static void Check(LintScope scope, FindingList findings)
    {
        var groups = new GroupsOfPods(scope);
        foreach (var workload in scope.Workloads.All)
        {
            var around = groups.Given(workload);
            if (workload.Contract is not { Dependencies.Count: > 0 } contract || !groups.AreDeclared(around))
            {
                continue;
            }

            var own = groups.Resource(around[0]);
            if (!Leaves(scope, around).Any(flow => MayCoverUdp(flow, Dns)))
            {
                findings.Add(NetworkPolicies.Reaches, own, "egress", "no rule lets UDP 53 out", "UDP and TCP 53 to the cluster's DNS");
            }

            foreach (var dependency in contract.Dependencies.Where(dependency => dependency.Scope == DependencyScope.Shared))
            {
                CheckDependency(scope, groups, workload, around, dependency, findings);
            }
        }
    }

    private static void CheckDependency(LintScope scope, GroupsOfPods groups, Workload workload, IReadOnlyList<string> around, Dependency dependency, FindingList findings)
    {
        var container = workload.Containers.FirstOrDefault(candidate => candidate.Declares(workload.Contract!.Port));
        if (container is null)
        {
            return;
        }

        var address = DialledAddress.Of(scope, workload, container, dependency);
        var port = address.Port;
        var leaving = Leaves(scope, around).Where(flow => flow.MayCover(port)).ToList();
        if (leaving.Count == 0)
        {
            findings.Add(NetworkPolicies.Reaches, groups.Resource(around[0]), "egress", $"no rule lets port {port} out", $"TCP {port} to the dependency {dependency.Name}");
            return;
        }

        // An address may be the other side's whatever its groups are; a group is one of them, or another.
        if (!leaving.TrueForAll(flow => flow is { Ranges.Count: 0, PrefixLists.Count: 0, PeersUnknown: false }))
        {
            return;
        }

        var named = leaving.SelectMany(flow => flow.Groups).Distinct().ToList();
        var admitting = scope.Flows.Where(flow => flow.IsIngress && flow.MayCover(port) && Admits(flow, around)).Select(flow => flow.Group).OfType<string>().Where(group => !around.Contains(group)).ToList();
        if (groups.AreDeclared(named) && !named.Exists(admitting.Contains) && !admitting.Contains("[unknown]"))
        {
            findings.Add(NetworkPolicies.Reaches, groups.Resource(named[0]), "ingress", $"no rule lets port {port} in from {groups.Resource(around[0])?.Name}", $"TCP {port} from the pods, whose contract names {dependency.Name}");
        }
        else if (admitting.Count > 0 && groups.AreDeclared(admitting) && !named.Exists(admitting.Contains))
        {
            findings.Add(NetworkPolicies.Reaches, leaving[0].Resource, $"{leaving[0].Prefix}referencedSecurityGroupId", string.Join(", ", named), $"{groups.Resource(admitting[0])!.Name}, which admits the pods on TCP {port} for {dependency.Name}");
        }
    }

    private static bool Admits(Flow flow, IReadOnlyList<string> around) =>
        flow.PeersUnknown || flow.Ranges.Count > 0 || flow.PrefixLists.Count > 0 || flow.Groups.Any(around.Contains);

    private static IEnumerable<Flow> Leaves(LintScope scope, IReadOnlyList<string> groups) =>
        scope.FlowsByGroup.Of(groups, isIngress: false);

    private static bool MayCoverUdp(Flow flow, int port) =>
        flow.EveryProtocol || flow.Protocol.IsUnknown() || (flow.Protocol.Text?.ToUpperInvariant() is "UDP" or "17"
            && (flow.Value["fromPort"].IsUnknown() || flow.Value["fromPort"].Whole() <= port) && (flow.Value["toPort"].IsUnknown() || flow.Value["toPort"].Whole() >= port));
}
