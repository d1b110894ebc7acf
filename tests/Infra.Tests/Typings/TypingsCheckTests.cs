using System.Text.Json.Nodes;
using Candor.Infra.Tests.Planning;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>Each check starts a compiler, so what can be planted together is.</summary>
[Collection(OneProgramAtATime.Name)]
public class TypingsCheckTests
{
    private readonly TypingsCheck _check = new(ProjectFolder.Path);

    [TypingsFact]
    public Task Development_stack_is_what_the_official_packages_take() => HasNoProblem("dev");

    [TypingsFact]
    public Task Production_stack_is_what_the_official_packages_take() => HasNoProblem("prod");

    [TypingsFact]
    public async Task Planted_mistakes_are_each_found_and_named()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);
        var broken = plan
            .Change(ResourceTypes.TargetGroup, inputs => Rename(inputs["healthCheck"]!, "path", "pth"))
            .Change(ResourceTypes.LoadBalancer, inputs => inputs["idleTimeout"] = "sixty")
            .Change(ResourceTypes.Listener, inputs => inputs["defaultActions"]![0]!["type"] = "forwards")
            .Change(
                ResourceTypes.Deployment,
                inputs => Rename(inputs["spec"]!["template"]!["spec"]!, "terminationGracePeriodSeconds", "terminationGraceSeconds"))
            .Change(ResourceTypes.PodDisruptionBudget, inputs => inputs["spec"]!["unhealthyPodEvictionPolicy"] = "Always")
            .Change(ResourceTypes.TargetGroupBinding, inputs => Rename(inputs["spec"]!, "targetType", "targetTyp"));

        var problems = (await _check.RunAsync(broken, CancellationToken.None)).Problems;

        Found(ResourceTypes.TargetGroup, "healthCheck.pth", "TargetGroupHealthCheck has no property 'pth'");
        Found(ResourceTypes.LoadBalancer, "idleTimeout", "not assignable");
        Found(ResourceTypes.Listener, "defaultActions[0].type", "'forwards' is none of the values that type takes");
        Found(ResourceTypes.Deployment, "spec.template.spec.terminationGraceSeconds", "PodSpec has no property");
        Found(ResourceTypes.PodDisruptionBudget, "spec.unhealthyPodEvictionPolicy", "AlwaysAllow");
        Found(ResourceTypes.TargetGroupBinding, "spec.targetTyp", "must NOT have additional properties");

        void Found(string type, string property, string message) => Assert.True(
            problems.Any(p => p.Resource.StartsWith(type, StringComparison.Ordinal)
                && p.Property == property
                && p.Message.Contains(message, StringComparison.Ordinal)),
            $"{type} {property} \"{message}\" is not among:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }

    [TypingsFact]
    public async Task Type_tokens_that_the_packages_do_not_declare_are_found()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);
        var renamed = plan with
        {
            Resources = [
                .. plan.Resources.Select(r => r.Type == ResourceTypes.TargetGroup ? r with
                {
                    Type = "aws:lb/targetGroups:TargetGroup",
                } : r)],
        };
        var otherKind = plan.Change(ResourceTypes.TargetGroupBinding, inputs => inputs["kind"] = "TargetGroupBindings");

        var unknown = (await _check.RunAsync(renamed, CancellationToken.None)).Problems;
        var different = (await _check.RunAsync(otherKind, CancellationToken.None)).Problems;

        Assert.StartsWith("aws:lb/targetGroups:TargetGroup::", Assert.Single(unknown).Resource, StringComparison.Ordinal);
        Assert.Contains(different, problem =>
            problem.Resource.StartsWith(ResourceTypes.TargetGroupBinding, StringComparison.Ordinal)
            && problem.Message.EndsWith("type token kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBindings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_without_the_npm_packages_list_reports_where_to_run_it()
    {
        using var project = new TemporaryProject();

        var problem = await Assert.ThrowsAsync<TypingsUnavailableException>(
            () => new TypingsCheck(project.Path).RunAsync(Samples.Web(), CancellationToken.None));

        Assert.Contains("run it in the repository", problem.Message, StringComparison.Ordinal);
    }

    private async Task HasNoProblem(string stack)
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, stack, CancellationToken.None);

        var report = await _check.RunAsync(plan, CancellationToken.None);

        Assert.True(report.Problems.Count == 0, string.Join(Environment.NewLine, report.Problems));
        Assert.Equal(plan.Resources.Count(resource => !resource.IsComponent), report.Resources);
    }

    private static void Rename(JsonNode value, string from, string to)
    {
        value[to] = value[from]!.DeepClone();
        value.AsObject().Remove(from);
    }
}

/// <summary>Plants mistakes.</summary>
internal static class PlantedMistakes
{
    internal static Plan Change(this Plan plan, string type, Action<JsonNode> change) => plan with
    {
        Resources = [
            .. plan.Resources.Select(resource => resource.Type == type ? resource with
            {
                Inputs = Changed(resource.Inputs, change),
            } : resource)],
    };

    private static PlanValue Changed(PlanValue inputs, Action<JsonNode> change)
    {
        var node = inputs.ToNode()!;
        change(node);
        return PlanValue.From(node);
    }
}
