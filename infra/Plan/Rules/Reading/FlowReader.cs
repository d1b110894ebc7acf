namespace Candor.Planning.Rules;

/// <summary>Reads the rules of security groups in their three forms.</summary>
internal static class FlowReader
{
    private static readonly string[] Directions = ["ingress", "egress"];

    internal static IReadOnlyList<Flow> Read(Plan plan) =>
    [
        .. plan.Index.OfType(ResourceTypes.SecurityGroup).SelectMany(Inline),
        .. plan.Index.OfType(ResourceTypes.SecurityGroupRule).Select(Older),
        .. plan.Index.OfType(ResourceTypes.SecurityGroupIngressRule).Select(rule => OfItsOwn(rule, ingress: true)),
        .. plan.Index.OfType(ResourceTypes.SecurityGroupEgressRule).Select(rule => OfItsOwn(rule, ingress: false)),
    ];

    private static IEnumerable<Flow> Inline(PlanResource group) =>
        Directions.SelectMany(direction => group.Inputs[direction].Items.Select((value, i) => new Flow
        {
            Resource = group,
            Prefix = $"{direction}[{i}].",
            Value = value,
            Group = group.Id,
            IsIngress = direction == "ingress",
            Protocol = value["protocol"],
            Ranges = [.. Texts(value["cidrBlocks"]), .. Texts(value["ipv6CidrBlocks"])],
            Groups = [.. Texts(value["securityGroups"]), .. Self(value, group.Id)],
            PrefixLists = [.. Texts(value["prefixListIds"])],
            PeersUnknown = AnyUnknown(value, "cidrBlocks", "ipv6CidrBlocks", "securityGroups", "prefixListIds"),
        }));

    private static Flow Older(PlanResource rule)
    {
        var value = rule.Inputs;
        return new()
        {
            Resource = rule,
            Prefix = string.Empty,
            Value = value,
            Group = value["securityGroupId"].Text,
            IsIngress = value["type"].Text == "ingress",
            Protocol = value["protocol"],
            Ranges = [.. Texts(value["cidrBlocks"]), .. Texts(value["ipv6CidrBlocks"])],
            Groups = [.. Texts(value["sourceSecurityGroupId"]), .. Self(value, value["securityGroupId"].Text)],
            PrefixLists = [.. Texts(value["prefixListIds"])],
            PeersUnknown = AnyUnknown(value, "cidrBlocks", "ipv6CidrBlocks", "sourceSecurityGroupId", "prefixListIds"),
        };
    }

    private static Flow OfItsOwn(PlanResource rule, bool ingress)
    {
        var value = rule.Inputs;
        return new()
        {
            Resource = rule,
            Prefix = string.Empty,
            Value = value,
            Group = value["securityGroupId"].Text,
            IsIngress = ingress,
            Protocol = value["ipProtocol"],
            Ranges = [.. Texts(value["cidrIpv4"]), .. Texts(value["cidrIpv6"])],
            Groups = [.. Texts(value["referencedSecurityGroupId"])],
            PrefixLists = [.. Texts(value["prefixListId"])],
            PeersUnknown = AnyUnknown(value, "cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "prefixListId"),
        };
    }

    // A reference to a resource of the Plan reads as unknown text, and is known all the same.
    private static bool AnyUnknown(PlanValue value, params ReadOnlySpan<string> properties)
    {
        foreach (var property in properties)
        {
            if (value[property].Text == "[unknown]" || value[property].Items.Any(item => item.Text == "[unknown]"))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Texts(PlanValue value) =>
        value.Text is { } text ? [text] : value.Items.Select(item => item.Text).OfType<string>();

    private static IEnumerable<string> Self(PlanValue value, string? group) => value["self"].Boolean == true && group is not null ? [group] : [];
}
