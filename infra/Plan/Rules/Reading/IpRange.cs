using System.Net;

namespace Candor.Planning.Rules;

/// <summary>Address ranges in CIDR form.</summary>
internal static class IpRange
{
    /// <summary>Whether the outer range holds the whole inner one; null when one of them is no range.</summary>
    internal static bool? Holds(string? outer, string? inner) =>
        IPNetwork.TryParse(outer, out var wide) && IPNetwork.TryParse(inner, out var narrow)
            ? wide.PrefixLength <= narrow.PrefixLength && wide.BaseAddress.AddressFamily == narrow.BaseAddress.AddressFamily && wide.Contains(narrow.BaseAddress)
            : null;
}
