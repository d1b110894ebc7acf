using System.Text.RegularExpressions;
using Candor.Infra.Tests.Planning;
using Candor.Infra.Tests.Program;
using Candor.Testing;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Testing;

namespace Candor.Infra.Tests.Testing;

/// <summary>The tests of docs/testing.md, as they stand there.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed partial class DocumentedTests
{
    // <recorded>
    [Fact]
    public async Task Balancer_asks_the_health_path_every_ten_seconds()
    {
        var stack = await StackTest.RecordAsync(options => new ShopStack(options));

        stack.One<TargetGroup>("shop")
            .Has("healthCheck.path", "/healthz")
            .Has("healthCheck.interval", 10)
            .IsProtected();
    }
    // </recorded>

    // <config>
    [Fact]
    public async Task Port_of_the_config_reaches_the_target_group()
    {
        var config = new Dictionary<string, string> { ["shop:port"] = "9090" };
        var stack = await StackTest.RecordAsync(options => new ShopStack(options), config, project: "shop");

        stack.One<TargetGroup>().Has("port", 9090);
    }
    // </config>

    // <mocks>
    [Fact]
    public async Task Target_group_is_declared_with_plain_mocks()
    {
        var resources = await Deployment.TestAsync<ShopStack>(new Mocks(), new TestOptions { IsPreview = false });

        var group = Assert.Single(resources.OfType<TargetGroup>());
        Assert.Equal("shop", group.GetResourceName());
    }

    private sealed class Mocks : IMocks
    {
        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args) =>
            Task.FromResult<(string?, object)>(($"{args.Name}-id", args.Inputs));

        public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(args.Args.Add("id", "vpc-1"));
    }
    // </mocks>

    [Fact]
    public async Task Stack_keeps_its_snapshot_and_every_rule_but_those_named()
    {
        using var project = new TemporaryProject();
        var folder = project.Path;
        File.WriteAllText(Path.Combine(folder, "shop.plan.json"), Candor.Planning.PlanJson.Serialize(
            (await StackTest.RecordAsync(options => new ShopStack(options))).Plan));
        // <snapshot>
        var stack = await StackTest.RecordAsync(options => new ShopStack(options));

        stack.MatchesSnapshot(Path.Combine(folder, "shop.plan.json"));
        // </snapshot>
        Assert.Throws<StackAssertionException>(() => stack.HoldsEveryRule());
    }

    [Fact]
    public void Code_of_the_page_is_the_code_that_runs()
    {
        var source = RepositoryFile.Read("tests/Infra.Tests/Testing/DocumentedTests.cs");
        var stack = RepositoryFile.Read("tests/Infra.Tests/Testing/ShopStack.cs");
        var blocks = Block().Matches(RepositoryFile.Read("docs/testing.md")).Select(match => Unindented(match.Groups[1].Value)).ToList();
        var tested = Region().Matches(source).Select(match => Unindented(match.Groups[2].Value))
            .Append(Unindented(stack[stack.IndexOf("internal sealed class", StringComparison.Ordinal)..]))
            .ToList();

        Assert.Equal(tested.Count, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block, tested));
    }

    private static string Unindented(string code)
    {
        var lines = code.Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0).ToList();
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..])).Trim();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("// <([a-z]+)>\n(.*?)\n *// </\\1>", RegexOptions.Singleline)]
    private static partial Regex Region();
}
