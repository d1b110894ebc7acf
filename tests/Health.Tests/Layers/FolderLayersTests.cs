namespace Candor.Health.Tests.Layers;

/// <summary>The folders of a project are layers: the arrows between them run one way.</summary>
public sealed class FolderLayersTests
{
    private static readonly string Root = FindRoot();

    // Arrows that still run back, by project. The list only shrinks: an arrow that no longer runs back must be taken out.
    private static readonly Dictionary<string, (string From, string To)[]> Back = new()
    {
        ["infra/Local"] = [("Balancer", "Page"), ("Kubelet", "Page"), ("Page", "Supervisor")],
        ["infra/PulumiOffline"] =
        [
            // The official SDK has these cycles in its public types, and the subset follows them.
            ("Core", "Deployment"), ("Core", "Resources"), ("Resources", "Deployment"),
            ("Resources", "Serialization"), ("Serialization", "Deployment"), ("Serialization", "Resources"), ("Testing", "Core"),
            ("Testing", "Resources"), ("Testing", "Serialization"),
        ],
    };

    /// <summary>Every project of the product.</summary>
    public static TheoryData<string> Projects => new(new[] { "app", "infra" }
        .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Root, folder)))
        .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
        .Select(folder => Path.GetRelativePath(Root, folder).Replace(Path.DirectorySeparatorChar, '/')));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_between_folders_run_one_way(string project)
    {
        var arrows = FolderLayers.Read(Path.Combine(Root, project));
        var listed = Back.GetValueOrDefault(project, []);
        var forward = arrows.Where(arrow => !listed.Contains((arrow.From, arrow.To))).ToList();

        var back = FolderLayers.RunningBack(forward);
        Assert.True(back.Count == 0, $"In {project} these run back:\n{string.Join('\n', back)}");

        var done = listed.Where(pair => !FolderLayers.Closes(arrows, pair.From, pair.To));
        Assert.True(!done.Any(), $"In {project} these no longer run back; take them out of the list: {string.Join(", ", done)}");
    }

    [Fact]
    public void Health_is_layered_as_the_design_has_it()
    {
        string[] layers =
        [
            "Settings",
            "Names",
            "Checks",
            "Evaluation",
            "Watchdog",
            "Operations",
            "State",
            "Serving",
            "Liveness",
            "Management",
            "Setup",
        ];
        var wrong = FolderLayers.Read(Path.Combine(Root, "app/Health"))
            .Where(arrow => Array.IndexOf(layers, arrow.From) is >= 0 and var from && Array.IndexOf(layers, arrow.To) > from);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Arrow_that_runs_back_is_named_with_its_file_and_type()
    {
        using var project = Candor.Testing.Servers.TemporaryDirectory.Create();
        Write(project.Path, "Low/Base.cs", "namespace P.Low;\npublic class Base;");
        Write(project.Path, "High/One.cs", "using P.Low;\nnamespace P.High;\npublic class One : Base;");
        Write(project.Path, "High/Two.cs", "using P.Low;\nnamespace P.High;\ninternal sealed class Two : Base;");
        Write(
            project.Path,
            "Low/Wrong.cs",
            "using P.High;\nnamespace P.Low;\n// One\npublic class Wrong { public string Text => \"Two\"; public One? Up; }");
        Write(project.Path, "Words.cs", "namespace P;\npublic class Words;");
        Write(project.Path, "Low/Said.cs", "namespace P.Low;\npublic class Said { public Words? W; }");

        var back = Assert.Single(FolderLayers.RunningBack(FolderLayers.Read(project.Path)));

        Assert.Equal(new("Low", "High", "Wrong.cs", "One"), back);
    }

    private static void Write(string root, string file, string text)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Stack.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
