using System.Globalization;

namespace Candor.Local;

/// <summary>Users of this machine.</summary>
internal static class SystemUser
{
    /// <summary>The first of the names that exists here, or null when we are not root and stay who we are.</summary>
    public static string? FirstOf(params string[] names) =>
        Environment.IsPrivilegedProcess ? names.FirstOrDefault(name => Entry(name) is not null) : null;

    /// <summary>The user's own group, by number.</summary>
    public static string GroupOf(string user) => Entry(user)?[3] ?? "65534";

    /// <summary>The user's number, or null when there is no such user.</summary>
    public static int? IdOf(string user) => Entry(user) is { } entry ? int.Parse(entry[2], CultureInfo.InvariantCulture) : null;

    private static string[]? Entry(string name) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 5 && fields[0] == name);
}
