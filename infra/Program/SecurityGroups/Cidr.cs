namespace Candor.Program.SecurityGroups;

/// <summary>Tells the two versions of address ranges apart.</summary>
internal static class Cidr
{
    public static bool IsVersion6(string cidr) => cidr.Contains(':', StringComparison.Ordinal);
}
