namespace Candor.Health.Tests.Layers;

/// <summary>The folders of a project are layers: the arrows between them run one way.</summary>
public sealed class FolderLayersTests
{
    private static readonly string Root = FindRoot();

    /// <summary>Projects whose folders are layers already. Everything else is listed in <see cref="NotYet"/>.</summary>
    public static TheoryData<string> Layered => new("app/Health", "app/Health.Postgres", "app/Health.RabbitMq", "app/Health.Redis", "app/Orders.Contract");

    // Projects whose arrows still run in circles; take one out once its folders are layers.
    private static readonly string[] NotYet =
    [
        "app/Contract", "app/Orders", "app/Orders.Contract", "infra/Chaos", "infra/Cli",
        "infra/Doctor", "infra/Local", "infra/Plan", "infra/Program", "infra/PulumiOffline", "infra/Testing",
    ];

    [Theory]
    [MemberData(nameof(Layered))]
    public void Arrows_between_folders_run_one_way(string project)
    {
        var back = FolderLayers.RunningBack(FolderLayers.Read(Path.Combine(Root, project), NamespaceOf(project)));

        Assert.True(back.Count == 0, $"In {project} these run back:\n{string.Join('\n', back)}");
    }

    [Fact]
    public void Health_is_layered_as_the_design_has_it()
    {
        string[] layers = ["Settings", "Names", "Checks", "Evaluation", "Watchdog", "Operations", "State", "Serving", "Liveness", "Management", "Setup"];
        var wrong = FolderLayers.Read(Path.Combine(Root, "app/Health"), "Candor.Health")
            .Where(arrow => Array.IndexOf(layers, arrow.From) is >= 0 and var from && Array.IndexOf(layers, arrow.To) > from);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_project_is_held_to_it_or_listed()
    {
        var projects = new[] { "app", "infra" }
            .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Root, folder)))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => Path.GetRelativePath(Root, folder));

        Assert.Empty(projects.Except(NotYet).Except(((IEnumerable<object[]>)Layered).Select(row => (string)row[0])));
    }

    [Fact]
    public void Arrow_that_runs_back_is_named_with_its_file_and_type()
    {
        using var project = Candor.Testing.Servers.TemporaryDirectory.Create();
        Write(project.Path, "Low/Base.cs", "namespace P.Low;\npublic class Base;");
        Write(project.Path, "High/One.cs", "using P.Low;\nnamespace P.High;\npublic class One : Base;");
        Write(project.Path, "High/Two.cs", "using P.Low;\nnamespace P.High;\ninternal sealed class Two : Base;");
        Write(project.Path, "Low/Wrong.cs", "using P.High;\nnamespace P.Low;\n// One\npublic class Wrong { public string Text => \"Two\"; public One? Up; }");
        Write(project.Path, "Words.cs", "namespace P;\npublic class Words;");
        Write(project.Path, "Low/Said.cs", "namespace P.Low;\npublic class Said { public Words? W; }");

        var back = Assert.Single(FolderLayers.RunningBack(FolderLayers.Read(project.Path, "P")));

        Assert.Equal(new("Low", "High", "Wrong.cs", "One"), back);
    }

    private static string NamespaceOf(string project) => "Candor." + Path.GetFileName(project);

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
