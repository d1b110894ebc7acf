namespace Candor.Planning;

/// <summary>Every way through security groups and NetworkPolicies that a Plan opens, as sentences that can be compared.</summary>
internal static class Openings
{
    /// <summary>What stands for any address.</summary>
    internal const string Everybody = "everybody";

    private static readonly string[] Directions = ["ingress", "egress"];

    private static readonly string[] PeerLists = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"];

    internal static IEnumerable<string> Of(Plan plan) => plan.Resources.SelectMany(resource => resource.Type switch
    {
        ResourceTypes.SecurityGroupIngressRule => [Rule(plan, resource.Inputs, ingress: true)],
        ResourceTypes.SecurityGroupEgressRule => [Rule(plan, resource.Inputs, ingress: false)],
        ResourceTypes.SecurityGroupRule => OldRule(plan, resource.Inputs),
        ResourceTypes.SecurityGroup => Inline(plan, resource),
        ResourceTypes.NetworkPolicy => Policy(resource),
        _ => Enumerable.Empty<string>(),
    });

    private static string Rule(Plan plan, PlanValue rule, bool ingress)
    {
        var peer = rule["cidrIpv4"].Text ?? rule["cidrIpv6"].Text ?? rule["prefixListId"].Text ?? Group(plan, rule["referencedSecurityGroupId"]);
        return Sentence(Ports(rule["ipProtocol"], rule["fromPort"], rule["toPort"]), ingress, Peer(peer), Group(plan, rule["securityGroupId"]));
    }

    private static IEnumerable<string> OldRule(Plan plan, PlanValue rule) => Peers(plan, rule, rule["sourceSecurityGroupId"])
        .Select(peer => Sentence(Ports(rule["protocol"], rule["fromPort"], rule["toPort"]), rule["type"].Text == "ingress", peer, Group(plan, rule["securityGroupId"])));

    private static IEnumerable<string> Inline(Plan plan, PlanResource group) =>
        from direction in Directions
        from rule in @group.Inputs[direction].Items
        from peer in Peers(plan, rule, PlanValue.Missing).Concat(rule["securityGroups"].Items.Select(item => Group(plan, item)))
        select Sentence(Ports(rule["protocol"], rule["fromPort"], rule["toPort"]), direction == "ingress", peer, $"security group {@group.Name}");

    private static IEnumerable<string> Peers(Plan plan, PlanValue rule, PlanValue group) =>
        PeerLists
            .SelectMany(list => rule[list].Items)
            .Select(item => Peer(item.Text))
            .Concat(group.Exists ? [Group(plan, group)] : []);

    private static IEnumerable<string> Policy(PlanResource policy) =>
        from direction in Directions
        from rule in policy.Inputs["spec"][direction].Items
        from peer in rule[direction == "ingress" ? "from" : "to"].Items.DefaultIfEmpty(PlanValue.Missing)
        from port in rule["ports"].Items.DefaultIfEmpty(PlanValue.Missing)
        select Sentence(
            port.Exists ? Ports(port["protocol"], port["port"], port["endPort"]) : "every port",
            direction == "ingress",
            peer.Exists ? Peer(peer["ipBlock"]["cidr"].Text ?? Selected(peer)) : Everybody,
            $"NetworkPolicy {policy.KubernetesName}");

    private static string Selected(PlanValue peer)
    {
        var pods = peer["podSelector"].Exists ? $"pods {Labels(peer["podSelector"])}" : "every pod";
        return peer["namespaceSelector"].Exists ? $"{pods} of namespaces {Labels(peer["namespaceSelector"])}" : pods;
    }

    private static string Labels(PlanValue selector)
    {
        var labels = selector["matchLabels"].Properties.Select(label => $"{label.Key}={label.Value.Text}");
        var expressions = selector["matchExpressions"].Items.Select(expression => expression.ToString());
        return string.Join(", ", labels.Concat(expressions).DefaultIfEmpty("(any)"));
    }

    private static string Sentence(string ports, bool ingress, string peer, string at) => ingress ? $"{ports} from {peer} to {at}" : $"{ports} from {at} to {peer}";

    private static string Peer(string? text) => text is "0.0.0.0/0" or "::/0" ? $"{Everybody} ({text})" : text ?? "nobody";

    private static string Group(Plan plan, PlanValue id) =>
        plan.Index.Resolve(id.Text) is { } group ? $"security group {group.Name}" : id.Text ?? "nobody";

    private static string Ports(PlanValue protocol, PlanValue from, PlanValue to)
    {
        var name = protocol.Text ?? (protocol.Exists ? protocol.ToString() : "tcp");
        if (name is "-1" or "all")
        {
            return "every protocol and port";
        }

        var (first, last) = (Text(from), Text(to));
        return first is null ? $"{name}, every port" : last is null || first == last ? $"{name.ToLowerInvariant()} {first}" : $"{name.ToLowerInvariant()} {first}–{last}";
    }

    private static string? Text(PlanValue value) => value.Text ?? (value.Exists ? value.ToString() : null);
}
