using Candor.Infra.Tests.Planning;
using Candor.Planning;
using Candor.Testing;
using Pulumi.Aws.LB;
using Pulumi.Kubernetes.Core.V1;

namespace Candor.Infra.Tests.Testing;

[Collection(OneProgramAtATime.Name)]
public sealed class StackTestTests
{
    [Fact]
    public async Task Stack_of_another_team_is_recorded_with_its_options_lookups_and_outputs()
    {
        var stack = await StackTest.RecordAsync(options => new ShopStack(options));

        stack.One<TargetGroup>().Has("vpcId", "vpc-0a1b2c3d4e5f60718").Has("healthCheck.interval", 10).IsProtected();
        stack.One<Service>().Has("spec.ports[http].targetPort", 8080).Has("spec.ports[0].port", 80).DependsOn(stack.One<ConfigMap>());
        stack.One<ConfigMap>().Has("metadata.annotations[\"shop.dev/owner\"]", "team-a").HasNo("binaryData");
        Assert.StartsWith("arn:aws:elasticloadbalancing:", stack.Output("targetGroupArn").Text, StringComparison.Ordinal);
        Assert.Contains("TargetGroup  shop", stack.Preview, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_of_the_test_and_of_the_projects_files_reaches_the_program()
    {
        using var project = new TemporaryProject();
        project.Write("Pulumi.yaml", "name: shop\nruntime: dotnet\n");
        project.Write("Pulumi.dev.yaml", "config:\n  shop:port: 9000\n");

        var given = await StackTest.RecordAsync(
            options => new ShopStack(options), new Dictionary<string, string> { ["shop:port"] = "9090" }, project: "shop");
        var read = await StackTest.RecordAsync(project.Path, "dev", options => new ShopStack(options));

        given.One<TargetGroup>().Has("port", 9090);
        read.One<TargetGroup>().Has("port", 9000);
    }

    [Theory]
    [InlineData("healthCheck.interval", 30, "aws:lb/targetGroup:TargetGroup shop: healthCheck.interval is 10, expected 30.")]
    [InlineData(
        "healthCheck.intervall",
        10,
        "healthCheck.intervall is not set, expected 10. healthCheck has interval, matcher, path. Did you mean interval?")]
    [InlineData("healthChecks.interval", 10, "It has healthCheck, port, vpcId. Did you mean healthCheck?")]
    public async Task Input_that_is_another_reports_what_was_found_expected_and_near(string path, int expected, string message)
    {
        var group = (await StackTest.RecordAsync(options => new ShopStack(options))).One<TargetGroup>();

        Assert.Contains(message, Assert.Throws<StackAssertionException>(() => group.Has(path, expected)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_declared_is_reported_with_what_is()
    {
        var stack = await StackTest.RecordAsync(options => new ShopStack(options));

        Assert.Contains(
            "called shopp; there are shop. Did you mean shop?",
            Assert.Throws<StackAssertionException>(() => stack.One<Service>("shopp")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "The stack declares: aws:lb/targetGroup:TargetGroup",
            Assert.Throws<StackAssertionException>(() => stack.One<Listener>()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no output targetGroup; it has targetGroupArn. Did you mean targetGroupArn?",
            Assert.Throws<StackAssertionException>(() => stack.Output("targetGroup")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "does not depend on kubernetes:core/v1:Service::shop; its options name nothing",
            Assert.Throws<StackAssertionException>(() => stack.One<ConfigMap>().DependsOn(stack.One<Service>())).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not protected",
            Assert.Throws<StackAssertionException>(() => stack.One<Service>().IsProtected()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_of_lint_are_assertions_with_their_fixes()
    {
        var stack = await StackTest.RecordAsync(options => new ShopStack(options));

        var error = Assert.Throws<StackAssertionException>(() => stack.HoldsEveryRule());

        Assert.Contains("HC001 aws:lb/targetGroup:TargetGroup::shop", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HC001", Message(() => stack.HoldsEveryRule("HC001")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_is_written_once_then_compared_and_says_what_a_change_means()
    {
        using var project = new TemporaryProject();
        var path = System.IO.Path.Combine(project.Path, "shop.plan.json");
        File.WriteAllText(path, PlanJson.Serialize((await StackTest.RecordAsync(options => new ShopStack(options))).Plan));
        (await StackTest.RecordAsync(options => new ShopStack(options))).MatchesSnapshot(path);

        var changed = await StackTest.RecordAsync(
            options => new ShopStack(options), new Dictionary<string, string> { ["project:port"] = "9090" });

        var error = Assert.Throws<StackAssertionException>(() => changed.MatchesSnapshot(path));
        Assert.Contains("CANDOR_UPDATE_SNAPSHOTS=1", error.Message, StringComparison.Ordinal);
        Assert.Contains("aws TargetGroup shop is replaced, because of port", error.Message, StringComparison.Ordinal);
    }

    private static string Message(Action action) => Record.Exception(action)?.Message ?? string.Empty;
}
