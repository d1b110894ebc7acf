using System.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace Candor.Infra.Tests.Program;

/// <summary>What the workflows must never do. Whether they are well-formed is said by the linter in tests/workflows.</summary>
public class WorkflowTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(
            Path.Combine(RepositoryFile.Root, ".github/workflows"), "*.yml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_never_runs_on_pull_request_target_and_says_what_it_may(string file)
    {
        var workflow = Read(file);

        Assert.DoesNotContain("pull_request_target", RepositoryFile.Read($".github/workflows/{file}"), StringComparison.Ordinal);
        Assert.True(
            workflow.Children.ContainsKey("permissions"), "Without permissions a workflow has all that the repository's default gives.");
        Assert.All(Jobs(workflow), job => Assert.True(job.Children.ContainsKey("timeout-minutes")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Checkout_leaves_no_credentials_behind(string file)
    {
        var checkouts = Jobs(Read(file)).SelectMany(Steps).Where(step => Uses(step, "actions/checkout"));

        Assert.All(checkouts, checkout => Assert.Equal("false", Text((YamlMappingNode)checkout.Children["with"], "persist-credentials")));
    }

    [Fact]
    public void Preview_of_a_pull_request_s_code_has_no_right_and_no_secret()
    {
        var workflow = Read("preview.yml");
        var offline = (YamlMappingNode)((YamlMappingNode)workflow.Children["jobs"]).Children["offline"];

        Assert.Equal(
            "contents: read",
            string.Join(", ", ((YamlMappingNode)workflow.Children["permissions"]).Select(right => $"{right.Key}: {right.Value}")));
        Assert.False(offline.Children.ContainsKey("permissions"));
        Assert.DoesNotContain("secrets", offline.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_of_a_pull_request_hands_over_plans_and_nothing_else()
    {
        var upload = Jobs(Read("preview.yml")).SelectMany(Steps).Single(step => Uses(step, "actions/upload-artifact"));

        Assert.Equal("plans/*.json", Text((YamlMappingNode)upload.Children["with"], "path"));
        Assert.DoesNotContain("markdown", RepositoryFile.Read(".github/workflows/preview.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Comment_checks_out_and_runs_nothing_of_the_pull_request()
    {
        var jobs = Jobs(Read("preview-comment.yml")).ToArray();
        var steps = jobs.SelectMany(Steps).ToArray();
        var checkouts = steps.Where(step => Uses(step, "actions/checkout")).ToArray();
        var scripts = steps.Where(step => Uses(step, "actions/github-script")).ToArray();

        Assert.NotEmpty(checkouts);
        Assert.All(checkouts, checkout => Assert.False(((YamlMappingNode)checkout.Children["with"]).Children.ContainsKey("ref")));
        Assert.NotEmpty(scripts);
        Assert.All(
            scripts,
            step => Assert.DoesNotContain("${{", Text((YamlMappingNode)step.Children["with"], "script"), StringComparison.Ordinal));
        // What reads the plans cannot write, and what writes reads no plan.
        var writers = jobs.Where(job => job.Children["permissions"].ToString().Contains("write", StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain("run", Steps(Assert.Single(writers)).SelectMany(step => step.Children.Keys).Select(key => key.ToString()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_action_is_pinned_by_commit_with_its_version_as_a_comment(string file) =>
        Assert.All(
            RepositoryFile.Read($".github/workflows/{file}").Split('\n').Where(line => line.Contains("uses:", StringComparison.Ordinal)),
            line => Assert.Matches("uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+$", line));

    [Fact]
    public void What_deploys_runs_from_main_only()
    {
        var jobs = (YamlMappingNode)Read("deploy.yml").Children["jobs"];

        Assert.All(["image", "up"], name =>
            Assert.StartsWith(
                "github.ref == 'refs/heads/main'", Text((YamlMappingNode)jobs.Children[name], "if"), StringComparison.Ordinal));
    }

    [Fact]
    public void Dependabot_keeps_actions_and_packages_current()
    {
        using var reader = new StringReader(RepositoryFile.Read(".github/dependabot.yml"));
        var stream = new YamlStream();
        stream.Load(reader);
        var updates = (YamlSequenceNode)((YamlMappingNode)stream.Documents[0].RootNode).Children["updates"];

        Assert.Equal(
            ["github-actions", "nuget", "npm"], updates.Cast<YamlMappingNode>().Select(update => Text(update, "package-ecosystem")));
    }

    [NodeFact]
    public async Task Script_of_the_comment_withstands_hostile_artifacts()
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--test", "--test-reporter=tap"])
        {
            WorkingDirectory = Path.Combine(RepositoryFile.Root, "tests/workflows"),
            RedirectStandardOutput = true,
        })!;
        var report = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, report);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Scripts_take_what_others_wrote_from_the_environment_only(string file)
    {
        // ${{ github.event… }} inside a script is text of the script before a shell reads it: whoever opens a pull request could write
        // code.
        var scripts = Jobs(Read(file)).SelectMany(Steps).Where(step => step.Children.ContainsKey("run")).Select(step => Text(step, "run"));

        Assert.DoesNotContain(
            scripts,
            script => script.Contains("${{ github.", StringComparison.Ordinal) || script.Contains("${{ needs.", StringComparison.Ordinal));
    }

    private static YamlMappingNode Read(string file)
    {
        using var reader = new StringReader(RepositoryFile.Read($".github/workflows/{file}"));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow.Children["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) =>
        ((YamlSequenceNode)job.Children["steps"]).Children.Cast<YamlMappingNode>();

    private static bool Uses(YamlMappingNode step, string action) => Text(step, "uses").StartsWith($"{action}@", StringComparison.Ordinal);

    private static string Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? value.ToString() : string.Empty;
}

/// <summary>
/// A test that runs a script under Node.js and reads archives with unzip; it is skipped, with the reason, where one is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() =>
        Skip = new[] { "node", "unzip" }.FirstOrDefault(program => !IsInstalled(program)) is { } missing
            ? $"{missing} is not installed."
            : null;

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
