namespace Candor.Planning.Rules;

/// <summary>One flow that a security group lets through, however it is written: inline, as an older rule or as a rule of its own.</summary>
internal sealed record Flow
{
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
        if (EveryProtocol || Protocol.IsUnknown())
        {
            return true;
        }

        return Protocol.Text?.ToUpperInvariant() is "TCP" or "6" && Value["fromPort"] is var from && Value["toPort"] is var to
            && (from.IsUnknown() || from.Whole() <= port) && (to.IsUnknown() || to.Whole() >= port);
    }

    /// <summary>Whether everybody is let through: a range of the whole internet.</summary>
    internal bool IsOpenToAll => Ranges.Any(IsEverybody);

    internal string Ports => EveryProtocol
        ? "every port of every protocol"
        : Value["fromPort"].Whole() is { } from && Value["toPort"].Whole() is { } to && from == to ? $"port {from}" : $"ports {Value["fromPort"].Shown()} to {Value["toPort"].Shown()}";

    internal static bool IsEverybody(string range) => range.EndsWith("/0", StringComparison.Ordinal);
}
