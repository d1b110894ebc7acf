namespace Candor.Local;

/// <summary>
/// Folders that no other user can have created, exchanged or written to. What lies below <c>/tmp</c> and <c>/var/tmp</c> has names that can
/// be known beforehand, and a supervisor that is root would change modes and owners there: so every part of the path is looked at, and what
/// another user could have made is refused, not mended.
/// </summary>
internal static class TrustedPath
{
    private const UnixFileMode Shared = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const int MostLinks = 40;

    /// <summary>Looks at every part of the path that there is.</summary>
    /// <exception cref="LocalException">Another user could have made or changed a part of it.</exception>
    public static void Require(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Walk(Path.GetFullPath(path), make: null);
        }
    }

    /// <summary>Makes what is missing of the path, and looks at every part of it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">Who may do what with a folder that is made.</param>
    /// <exception cref="LocalException">Another user could have made or changed a part of it.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            Walk(Path.GetFullPath(path), mode);
        }
        else
        {
            Directory.CreateDirectory(path);
        }
    }

    private static void Walk(string path, UnixFileMode? make)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var (at, above, links) = ("/", Posix.Look("/")!.Value, 0);
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                above = Posix.Look(at)!.Value;
                continue;
            }

            var next = Path.Combine(at, part);
            if (Posix.Look(next) is not { } facts)
            {
                if (make is not { } mode)
                {
                    return;
                }

                Posix.MakeFolder(next, mode);
                facts = Posix.Look(next) ?? throw new IOException($"{next} was removed while it was being created");
            }

            RequireOwner(path, next, facts);
            if (facts.Kind == FileKind.Link)
            {
                // A link of the system's own, such as /var/run, stands where only its owner can make one. The folder itself is never one.
                if (left.Count == 0 || (above.Mode & Shared) != 0 || links++ == MostLinks)
                {
                    throw Refused(
                        path, next, "is a link", $"Name the folder itself with --state, or remove the link: rm {Quoted.Word(next)}");
                }

                var target = new FileInfo(next).LinkTarget ?? throw new IOException($"{next} was changed while it was being checked");
                Array.ForEach([.. Parts(target).Reverse()], left.Push);
                if (Path.IsPathRooted(target))
                {
                    (at, above) = ("/", Posix.Look("/")!.Value);
                }

                continue;
            }

            if (facts.Kind != FileKind.Folder)
            {
                throw Refused(path, next, "is not a folder", "Remove it, or name a folder with --state.");
            }

            RequireUnshared(path, next, facts, last: left.Count == 0);
            (at, above) = (next, facts);
        }
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    private static void RequireOwner(string path, string part, FileFacts facts)
    {
        if (!Trusted().Contains(facts.Owner))
        {
            throw Refused(
                path,
                part,
                $"belongs to {SystemUser.NameOf(facts.Owner)}, not to "
                    + $"{(Posix.UserId == 0 ? "root" : $"{SystemUser.NameOf(Posix.UserId)} or root")}",
                $"Run it as {SystemUser.NameOf(facts.Owner)}, or name a folder of your own with --state.");
        }
    }

    /// <summary>
    /// In a folder like <c>/tmp</c> users cannot exchange what belongs to others, and the owner of the next part is checked. A group with
    /// only the owner in it, as Debian gives every user, counts as the owner.
    /// </summary>
    private static void RequireUnshared(string path, string part, FileFacts facts, bool last)
    {
        var others = facts.Mode.HasFlag(UnixFileMode.OtherWrite)
            || (facts.Mode.HasFlag(UnixFileMode.GroupWrite) && !SystemUser.IsOwnGroup(facts.Owner, facts.Group));
        if (others && (last || !facts.IsSticky))
        {
            var who = facts.Mode.HasFlag(UnixFileMode.OtherWrite) ? "everybody" : $"the group {SystemUser.GroupNameOf(facts.Group)}";
            throw Refused(
                path,
                part,
                $"can be written by {who}",
                $"Remove that right with: chmod go-w {Quoted.Word(part)}. Or name another folder with --state.");
        }
    }

    /// <summary>
    /// Root and we ourselves; for root also who became root by sudo, and whom this very program belongs to: both can make root run what
    /// they like anyhow.
    /// </summary>
    private static HashSet<uint> Trusted()
    {
        var trusted = new HashSet<uint> { 0, Posix.UserId };
        if (Posix.UserId == 0)
        {
            if (uint.TryParse(Environment.GetEnvironmentVariable("SUDO_UID"), out var caller))
            {
                trusted.Add(caller);
            }

            if (Posix.Look(AppContext.BaseDirectory) is { } program)
            {
                trusted.Add(program.Owner);
            }
        }

        return trusted;
    }

    private static LocalException Refused(string path, string part, string what, string fix) =>
        new($"The folder {path} cannot be trusted: {(part == path ? "it" : part)} {what}, and the stack stores there what it reads and "
            + $"runs. {fix}");
}
