using System.Diagnostics;

namespace Candor.Testing.Servers;

/// <summary>A directory of a test's own, owned by whoever <see cref="Unprivileged"/> runs programs as.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private TemporaryDirectory(string path) => Path = path;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Creates one.</summary>
    public static TemporaryDirectory Create()
    {
        var directory = Directory.CreateTempSubdirectory("candor-test-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["nobody:nogroup", directory]);
            chown.WaitForExit();
        }

        return new(directory);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that was killed may still be writing its last file; the directory is temporary all the same.
        }
    }
}
