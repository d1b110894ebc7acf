using System.Globalization;

namespace Candor.Local;

/// <summary>Users and groups of this machine.</summary>
internal static class SystemUser
{
    private const uint Nogroup = 65534;

    /// <summary>The first of the names that exists here, or null when we are not root and stay who we are.</summary>
    public static string? FirstOf(params string[] names) =>
        Environment.IsPrivilegedProcess ? names.FirstOrDefault(name => User(name) is not null) : null;

    /// <summary>The user's own group, by number.</summary>
    public static string GroupOf(string user) => GroupIdOf(user).ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of the user's own group.</summary>
    public static uint GroupIdOf(string user) => User(user) is { } entry ? Number(entry[3]) : Nogroup;

    /// <summary>The user's number, or null when there is no such user.</summary>
    public static uint? IdOf(string user) => User(user) is { } entry ? Number(entry[2]) : null;

    /// <summary>The user's name, or the number in words.</summary>
    public static string NameOf(uint user) =>
        Entries("/etc/passwd").FirstOrDefault(entry => entry.Length > 5 && Number(entry[2]) == user)?[0]
            ?? string.Create(CultureInfo.InvariantCulture, $"user {user}");

    /// <summary>The group's name, or its number.</summary>
    public static string GroupNameOf(uint group) => Group(group)?[0] ?? group.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a group is a user's own, without other members. Root's is not: it has members on some systems.</summary>
    public static bool IsOwnGroup(uint user, uint group) =>
        user != 0
        && Entries("/etc/passwd").FirstOrDefault(entry => entry.Length > 5 && Number(entry[2]) == user) is { } owner
        && Group(group) is { } found
        && found[0] == owner[0]
        && found[3].Split(',', StringSplitOptions.RemoveEmptyEntries).All(member => member == owner[0])
        && Entries("/etc/passwd").All(entry => entry.Length <= 5 || Number(entry[3]) != group || Number(entry[2]) == user);

    private static string[]? User(string name) => Entries("/etc/passwd").FirstOrDefault(fields => fields.Length > 5 && fields[0] == name);

    private static string[]? Group(uint group) =>
        Entries("/etc/group").FirstOrDefault(fields => fields.Length > 3 && Number(fields[2]) == group);

    private static IEnumerable<string[]> Entries(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(':')) : [];

    private static uint Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : uint.MaxValue;
}
