namespace Candor.Planning.Rules;

/// <summary>One flow that a security group lets through, however it is written: inline, as an older rule or as a rule of its own.</summary>
internal sealed record Flow
{
    private (int Least, int Most)? _covered;

    /// <summary>The resource that says so.</summary>
    internal required PlanResource Resource { get; init; }

    /// <summary>Path of the rule in the resource, ending in a dot, or empty.</summary>
    internal required string Prefix { get; init; }

    /// <summary>The rule's settings.</summary>
    internal required PlanValue Value { get; init; }

    /// <summary>The reference to the security group, as it is written; null when unknown.</summary>
    internal required string? Group { get; init; }

    internal required bool IsIngress { get; init; }

    internal required PlanValue Protocol { get; init; }

    /// <summary>IPv4 and IPv6 ranges.</summary>
    internal required IReadOnlyList<string> Ranges { get; init; }

    /// <summary>References to security groups; the group itself for <c>self</c>.</summary>
    internal required IReadOnlyList<string> Groups { get; init; }

    internal required IReadOnlyList<string> PrefixLists { get; init; }

    /// <summary>Whether whom it admits is not known.</summary>
    internal required bool PeersUnknown { get; init; }

    internal bool IsInline => Prefix.Length > 0;

    internal bool EveryProtocol => Protocol.Known() is "-1" or "all" || Protocol.Number == -1;

    /// <summary>Whether it lets TCP through to the port; true when its ports are unknown, so that nothing is held against it.</summary>
    internal bool MayCover(int port)
    {
        var (least, most) = _covered ??= Covered();
        return least <= port && port <= most;
    }

    /// <summary>
    /// Whether the other side is, or may be, one of the groups. Which addresses it has is not in a Plan, so that a range may always hold it.
    /// </summary>
    internal bool MayReach(IReadOnlyList<string> groups) =>
        PeersUnknown || Ranges.Count > 0 || PrefixLists.Count > 0 || Groups.Any(groups.Contains) || groups.Contains("[unknown]");

    /// <summary>Whether everybody is let through: a range of the whole internet.</summary>
    internal bool IsOpenToAll => Ranges.Any(IsEverybody);

    internal string Ports => EveryProtocol
        ? "every port of every protocol"
        : Value["fromPort"].Whole() is { } from && Value["toPort"].Whole() is { } to && from == to ? $"port {from}" : $"ports {Value["fromPort"].Shown()} to {Value["toPort"].Shown()}";

    // Asked for every route and port; nothing at all is a range without a port.
    private (int Least, int Most) Covered()
    {
        const int None = -1;
        if (EveryProtocol || Protocol.IsUnknown())
        {
            return (0, int.MaxValue);
        }

        var (from, to) = (Value["fromPort"], Value["toPort"]);
        return Protocol.Text?.ToUpperInvariant() is "TCP" or "6"
            ? (from.IsUnknown() ? 0 : from.Whole() ?? int.MaxValue, to.IsUnknown() ? int.MaxValue : to.Whole() ?? None)
            : (int.MaxValue, None);
    }

    internal static bool IsEverybody(string range) => range.EndsWith("/0", StringComparison.Ordinal);
}
