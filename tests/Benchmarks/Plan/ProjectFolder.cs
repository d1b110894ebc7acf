namespace Candor.Benchmarks;

/// <summary>The repository's own Pulumi project.</summary>
internal static class ProjectFolder
{
    /// <summary>The folder of Pulumi.yaml, above the benchmark's assembly.</summary>
    internal static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No Pulumi.yaml above the benchmark's assembly.");
    }
}
