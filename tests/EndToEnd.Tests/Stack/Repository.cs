namespace Candor.EndToEnd.Tests.Stack;

/// <summary>Where things are in the tree that this was built from.</summary>
internal static class Repository
{
    /// <summary>The folder of Pulumi.yaml.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The build of a project in the configuration that this was built in.</summary>
    public static string Build(string project, string assembly) =>
        Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly);

    private static string Configuration =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release"
            : "Debug";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Pulumi.yaml above {AppContext.BaseDirectory}.");
    }
}
