using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Candor.Local;

/// <summary>
/// The folder of a container, which belongs to the user that it runs as. That user may put links where root is about to write, so
/// everything here goes by the open folder and never through a link.
/// </summary>
internal sealed class OwnedFolder : IDisposable
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly SafeFileHandle _folder;
    private readonly string _path;
    private readonly (uint User, uint Group)? _owner;

    private OwnedFolder(SafeFileHandle folder, string path, (uint User, uint Group)? owner)
    {
        _folder = folder;
        _path = path;
        _owner = owner;
    }

    /// <summary>Opens it, made first where it is missing, and gives it to its owner alone.</summary>
    /// <param name="path">Where it is; its parent is trusted.</param>
    /// <param name="user">Its owner, or null for us.</param>
    /// <exception cref="LocalException">It is a link, or belongs to another user.</exception>
    public static OwnedFolder Open(string path, string? user)
    {
        (uint, uint)? owner = user is null
            ? null
            : (SystemUser.IdOf(user) ?? throw new LocalException($"There is no user {user} on this machine."), SystemUser.GroupIdOf(user));
        Posix.MakeFolder(path, OwnerAlone);
        return Own(Posix.OpenFolder(path), path, owner);
    }

    /// <summary>Opens a folder in it, in the same way.</summary>
    public OwnedFolder Folder(string name)
    {
        var path = Path.Combine(_path, name);
        Posix.MakeFolder(_folder, name, OwnerAlone, path);
        return Own(Posix.OpenFolder(_folder, name, path), path, _owner);
    }

    /// <summary>Writes a file that its owner alone can read. Who reads it meanwhile has the old one or the new one, never a part.</summary>
    public void WriteSecret(string name, string text, bool executable = false)
    {
        var path = Path.Combine(_path, name);
        var partial = name + ".new";
        Posix.Remove(_folder, partial, path);
        using (var handle = Posix.CreateFile(_folder, partial, UnixFileMode.UserRead | UnixFileMode.UserWrite, path))
        using (var file = new FileStream(handle, FileAccess.Write, bufferSize: 0))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            if (executable)
            {
                Posix.Permit(handle, OwnerAlone, path);
            }

            Give(handle, path);
        }

        Posix.Rename(_folder, partial, name, path);
    }

    /// <summary>Removes a file.</summary>
    public void Remove(string name) => Posix.Remove(_folder, name, Path.Combine(_path, name));

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private static OwnedFolder Own(SafeFileHandle? folder, string path, (uint User, uint Group)? owner)
    {
        var owned = new OwnedFolder(
            folder
                ?? throw new LocalException(
                    $"{path} is not a folder but a link or a file; the stack keeps its data only in folders of its own. Remove it."),
            path,
            owner);
        try
        {
            var found = Posix.Look(owned._folder, path).Owner;
            if (found != Posix.UserId && found != owner?.User)
            {
                throw new LocalException(
                    $"{path} belongs to {SystemUser.NameOf(found)}, and the stack runs as "
                        + $"{SystemUser.NameOf(owner?.User ?? Posix.UserId)}. Run it as the user who ran it before, or name another "
                        + "folder with --state.");
            }

            owned.Give(owned._folder, path);
            if (found == Posix.UserId || owner is not null)
            {
                Posix.Permit(owned._folder, OwnerAlone, path);
            }

            return owned;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    private void Give(SafeFileHandle open, string path)
    {
        if (_owner is { } owner)
        {
            Posix.Give(open, owner.User, owner.Group, path);
        }
    }
}
