using System.Text.Json;
using Candor.Planning;
using Candor.Program.Config;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Planning;

[Collection(OneProgramAtATime.Name)]
public sealed class PlanRecorderTests
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Recording_a_stack_twice_gives_the_same_bytes(string stack)
    {
        var one = PlanJson.Serialize(await PlanRecorder.RecordAsync(ProjectFolder.Path, stack, CancellationToken.None));
        var two = PlanJson.Serialize(await PlanRecorder.RecordAsync(ProjectFolder.Path, stack, CancellationToken.None));
        Assert.Equal(one, two);
        Assert.Equal(one, PlanJson.Serialize(PlanReaderTests.Read(one)));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task Every_reference_between_resources_resolves(string stack)
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, stack, CancellationToken.None);

        var workload = plan.MainWorkload();
        Assert.NotNull(workload);
        Assert.Single(plan.TargetGroupsOf(workload));
        Assert.Equal(plan.Contract, plan.ContractOf(workload));
        Assert.All(
            plan.Resources.Where(resource => resource.Parent is not null),
            resource => Assert.NotNull(plan.Index.Find(resource.Parent)));
        Assert.All(
            plan.Resources.SelectMany(resource => resource.DependsOn),
            urn => Assert.NotNull(plan.Index.Find(urn)));
        Assert.All(
            plan.Index.OfType(ResourceTypes.SecurityGroupIngressRule),
            rule => Assert.NotNull(plan.Index.Resolve(rule.Inputs["securityGroupId"].Text)));
    }

    [Fact]
    public void Secret_of_the_stack_is_never_in_its_plan() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(8),
            Prop.ForAll(Gen.Zip(Gen.Elements(StackConfig.SecretKeys.ToArray()), Gen.Elements(true, false)).ToArbitrary(), choice =>
            {
                var secret = $"hunter2-{Guid.NewGuid():N}";
                using var project = new TemporaryProject();
                project.Append("dev", choice.Item2 ? $"  {choice.Item1}:\n    secure: {secret}\n" : $"  {choice.Item1}: {secret}\n");
                var plan = PlanRecorder.RecordAsync(project.Path, "dev", CancellationToken.None).GetAwaiter().GetResult();
                var report = PreviewReport.Of(plan);
                return !PlanJson.Serialize(plan).Contains(secret, StringComparison.Ordinal)
                    && !MarkdownReport.Write(report).Contains(secret, StringComparison.Ordinal);
            }));

    [Fact]
    public async Task Secret_that_the_stack_needs_and_nobody_has_set_is_a_token()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);
        Assert.Contains("[secret:candor:databasePassword]", PlanJson.Serialize(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_that_the_stack_does_not_need_is_not_made_up()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);
        Assert.DoesNotContain("[secret:candor:databaseConnection]", PlanJson.Serialize(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_configuration_names_every_key()
    {
        using var project = new TemporaryProject();
        project.Append("dev", "  candor:minReplicas: many\n  candor:nodeCidr: x\n");
        var mistake = await Assert.ThrowsAsync<StackConfigException>(() => PlanRecorder.RecordAsync(
            project.Path, "dev", CancellationToken.None));
        Assert.Contains("candor:minReplicas", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("candor:nodeCidrs", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_in_JSON_has_the_promised_keys_in_order()
    {
        var json = PlanJson.Serialize(await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None));
        using var document = JsonDocument.Parse(json);
        var keys = document.RootElement.EnumerateObject().Select(property => property.Name).Except(["environment", "waivers"]);
        Assert.Equal(["project", "stack", "contract", "timeline", "resources", "outputs"], keys);
        Assert.Equal(
            "35s", document.RootElement.GetProperty("timeline").GetProperty("balancerNoticesFailure").GetProperty("worst").GetString());
    }
}
