namespace Candor.Planning.Rules;

/// <summary>Which flows the NetworkPolicies of a workload let through, by Kubernetes' rules: without a policy all, else what one of them names.</summary>
internal static class PolicyReach
{
    /// <summary>Whether a workload's pods may be reached on a port by a peer.</summary>
    /// <param name="workload">The pods.</param>
    /// <param name="port">Their port.</param>
    /// <param name="peer">Whether a peer of a rule is, or may be, the one that asks.</param>
    internal static bool Admits(Workload workload, int port, Func<PlanResource, PlanValue, bool> peer) =>
        Allows(workload, "Ingress", "ingress", "from", entry => Covers(entry, port, "TCP", workload), peer);

    /// <summary>Whether a workload's pods may reach a port of a peer.</summary>
    internal static bool Reaches(Workload workload, int port, string protocol, Func<PlanResource, PlanValue, bool> peer) =>
        Allows(workload, "Egress", "egress", "to", entry => Covers(entry, port, protocol, null), peer);

    /// <summary>The policies that decide about a direction.</summary>
    internal static IEnumerable<PlanResource> Deciding(Workload workload, string type) =>
        workload.Policies.Where(policy => Decides(policy, type));

    /// <summary>Whether a peer is an address range.</summary>
    internal static bool IsRange(PlanValue peer) => peer["ipBlock"].Exists;

    /// <summary>Whether a peer selects the pods of a workload.</summary>
    internal static bool IsWorkload(PlanResource policy, PlanValue peer, Workload other)
    {
        if (peer.IsUnknown() || peer["ipBlock"].Exists || peer.HasUnknown() || other.LabelsUnknown)
        {
            // Whether a range holds the pods' addresses is not in a Plan.
            return true;
        }

        var namespaces = peer["namespaceSelector"];
        var sameNamespace = namespaces.IsMissing()
            ? policy.KubernetesNamespace == other.Namespace
            : namespaces["matchLabels"]["kubernetes.io/metadata.name"].Known() is not { } named || named == other.Namespace;
        return sameNamespace && (peer["podSelector"].IsMissing() || LabelSelector.Matches(peer["podSelector"], other.Labels));
    }

    private static bool Allows(Workload workload, string type, string rules, string peers, Func<PlanValue, bool> covers, Func<PlanResource, PlanValue, bool> peer)
    {
        var deciding = Deciding(workload, type).ToList();
        return deciding.Count == 0 || deciding.Exists(policy => policy.Inputs["spec"][rules].IsUnknown() || policy.Inputs["spec"][rules].Items.Any(rule =>
            covers(rule["ports"]) && (rule[peers].IsUnknown() || !rule[peers].Items.Any() || rule[peers].Items.Any(candidate => candidate.IsUnknown() || peer(policy, candidate)))));
    }

    // The API server adds Ingress always, and Egress where there is an egress rule, when a policy gives no types.
    private static bool Decides(PlanResource policy, string type)
    {
        var types = policy.Inputs["spec"]["policyTypes"];
        return types.Items.Any()
            ? types.Items.Any(item => item.Text == type)
            : !types.IsUnknown() && (type == "Ingress" || policy.Inputs["spec"]["egress"].Exists);
    }

    private static bool Covers(PlanValue ports, int port, string protocol, Workload? pods) =>
        ports.IsUnknown() || !ports.Items.Any() || ports.Items.Any(entry =>
            (entry["protocol"].Known() ?? (entry["protocol"].IsMissing() ? "TCP" : protocol)) == protocol && CoversPort(entry, port, pods));

    private static bool CoversPort(PlanValue entry, int port, Workload? pods)
    {
        var value = entry["port"];
        if (value.IsMissing() || value.IsUnknown())
        {
            return true;
        }

        if (value.Whole() is not { } from)
        {
            // A name means what the pods' containers declare by it; the pods of an egress rule may be anybody's.
            return pods is null || pods.Containers.Any(container => container.Number(value) == port);
        }

        return port == from || (port > from && (entry["endPort"].IsUnknown() || port <= entry["endPort"].Whole()));
    }
}
