using YamlDotNet.RepresentationModel;

namespace Candor.Infra.Tests.Program;

/// <summary>What the workflows must never do. Whether they are well-formed is said by the linter in tests/workflows.</summary>
public class WorkflowTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(RepositoryFile.Root, ".github/workflows"), "*.yml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_never_runs_on_pull_request_target_and_says_what_it_may(string file)
    {
        var workflow = Read(file);

        Assert.DoesNotContain("pull_request_target", RepositoryFile.Read($".github/workflows/{file}"), StringComparison.Ordinal);
        Assert.True(workflow.Children.ContainsKey("permissions"), "Without permissions a workflow has all that the repository's default gives.");
        Assert.All(Jobs(workflow), job => Assert.True(job.Children.ContainsKey("timeout-minutes")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Checkout_leaves_no_credentials_behind(string file)
    {
        var checkouts = Jobs(Read(file)).SelectMany(Steps).Where(step => Text(step, "uses").StartsWith("actions/checkout@", StringComparison.Ordinal));

        Assert.All(checkouts, checkout => Assert.Equal("false", Text((YamlMappingNode)checkout.Children["with"], "persist-credentials")));
    }

    [Fact]
    public void Preview_of_a_pull_request_s_code_has_no_right_and_no_secret()
    {
        var workflow = Read("preview.yml");
        var offline = (YamlMappingNode)((YamlMappingNode)workflow.Children["jobs"]).Children["offline"];

        Assert.Equal("contents: read", string.Join(", ", ((YamlMappingNode)workflow.Children["permissions"]).Select(right => $"{right.Key}: {right.Value}")));
        Assert.False(offline.Children.ContainsKey("permissions"));
        Assert.DoesNotContain("secrets", offline.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Comment_runs_nothing_of_the_pull_request()
    {
        var steps = Jobs(Read("preview-comment.yml")).SelectMany(Steps).ToArray();

        Assert.DoesNotContain(steps, step => step.Children.ContainsKey("run"));
        Assert.Equal(["actions/download-artifact@v4", "actions/github-script@v7"], steps.Select(step => Text(step, "uses")));
        Assert.DoesNotContain("${{", Text((YamlMappingNode)steps[1].Children["with"], "script"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Scripts_take_what_others_wrote_from_the_environment_only(string file)
    {
        // ${{ github.event… }} inside a script is text of the script before a shell reads it: whoever opens a pull request could write code.
        var scripts = Jobs(Read(file)).SelectMany(Steps).Where(step => step.Children.ContainsKey("run")).Select(step => Text(step, "run"));

        Assert.DoesNotContain(scripts, script => script.Contains("${{ github.", StringComparison.Ordinal) || script.Contains("${{ needs.", StringComparison.Ordinal));
    }

    private static YamlMappingNode Read(string file)
    {
        using var reader = new StringReader(RepositoryFile.Read($".github/workflows/{file}"));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) => ((YamlMappingNode)workflow.Children["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job.Children["steps"]).Children.Cast<YamlMappingNode>();

    private static string Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value.ToString() : string.Empty;
}
