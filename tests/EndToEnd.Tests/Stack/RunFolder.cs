namespace Candor.EndToEnd.Tests.Stack;

/// <summary>A temporary folder for one run, which others may enter: PostgreSQL runs as another user.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("candor-e2e-").FullName;

    public RunFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_path, (UnixFileMode)0b111_101_101);
        }
    }

    /// <summary>Where the run keeps its state.</summary>
    public string State => Path.Combine(_path, ".candor");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
