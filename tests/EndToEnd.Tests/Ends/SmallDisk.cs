using Candor.Testing.Processes;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>A file system of its own in memory, which can be filled to the last byte. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var path = Directory.CreateTempSubdirectory("candor-disk-").FullName;
        await TestProcess.RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=755", "candor-test", path);
        return new(path);
    }

    /// <summary>Leaves no room at all.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1024 * 1024, 4096, 1 })
        {
            var piece = new byte[size];
            try
            {
                while (true)
                {
                    file.Write(piece);
                }
            }
            catch (IOException)
            {
                // Full, for pieces of this size.
            }
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // A process that was killed a moment ago may still hold its log.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TestProcess.RunAsync("umount", Path);
                break;
            }
            catch (InvalidOperationException e) when (attempt < 100 && e.Message.Contains("busy", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        Directory.Delete(Path);
    }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");
}
