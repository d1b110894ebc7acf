namespace Candor.Infra.Tests.Planning;

/// <summary>The repository's own Pulumi project.</summary>
internal static class ProjectFolder
{
    /// <summary>The folder of Pulumi.yaml.</summary>
    internal static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Pulumi.yaml")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No Pulumi.yaml above the test's assembly.");
    }
}

/// <summary>A copy of the project's files in a folder of its own, to be changed and thrown away.</summary>
internal sealed class TemporaryProject : IDisposable
{
    internal TemporaryProject()
    {
        foreach (var file in Directory.EnumerateFiles(ProjectFolder.Path, "Pulumi*.yaml"))
        {
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }
    }

    internal string Path { get; } = Directory.CreateTempSubdirectory("candor-plan-").FullName;

    /// <summary>Adds text at the end of a stack's file.</summary>
    internal void Append(string stack, string text) => File.AppendAllText(System.IO.Path.Combine(Path, $"Pulumi.{stack}.yaml"), text);

    /// <summary>Replaces a file.</summary>
    internal void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
