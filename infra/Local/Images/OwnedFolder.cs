using System.Diagnostics;

namespace Candor.Local;

/// <summary>Folders and files that belong to the user a container runs as.</summary>
internal static class OwnedFolder
{
    /// <summary>Creates it, open to its owner alone.</summary>
    public static void Create(string path, string? user)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Own(path, user);
    }

    /// <summary>Writes a file that its owner alone can read.</summary>
    public static void WriteSecret(string path, string text, string? user)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        Own(path, user);
    }

    /// <summary>Lets its owner run it.</summary>
    public static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }
    }

    private static void Own(string path, string? user)
    {
        if (user is null)
        {
            return;
        }

        using var chown = Process.Start(new ProcessStartInfo("/bin/chown", [$"{user}:{SystemUser.GroupOf(user)}", path]))
            ?? throw new LocalException($"chown of {path} to {user} could not be started.");
        chown.WaitForExit();
        if (chown.ExitCode != 0)
        {
            throw new LocalException($"{path} cannot be given to the user {user}: chown ended with exit code {chown.ExitCode}.");
        }
    }
}
