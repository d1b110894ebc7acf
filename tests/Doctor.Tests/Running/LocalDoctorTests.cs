using Candor.Doctor.Model;
using Candor.Doctor.Output;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.Doctor.Tests.Running;

/// <summary>A whole stack beside tests that start many processes would be disturbed by them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Faults planted in a running local target: each named right, first, and nothing else.</summary>
[Collection(Alone.Name)]
public sealed class LocalDoctorTests
{
    private const double Speed = 4;

    [Fact]
    public async Task Healthy_stack_is_not_diagnosed_and_each_wrong_target_group_is()
    {
        var plan = await RunningStack.LongDeadlinesPlanAsync();
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        // On a machine that has much else to do, a dependency may truly be slow for a moment.
        var healthy = await AskAsync(stack);
        for (var tries = 0; tries < 20 && healthy.Cause is { Severity: Severity.Warning }; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            healthy = await AskAsync(stack);
        }

        Assert.True(healthy.Cause is null, DiagnosisText.Write(healthy));
        Assert.Equal(0, healthy.ExitCode);

        await PlantAsync(stack, RunningStack.With(plan, ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["port"] = "8081"), "within the timeout");
        AssertDiagnosed(await AskAsync(stack), "target-group-port", "F101", PathStep.Port, "8081", "8080");

        await PlantAsync(stack, RunningStack.With(plan, ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["path"] = "/ready"), "answered 404");
        AssertDiagnosed(await AskAsync(stack), "target-group-path", "F104", PathStep.Endpoint, "/ready", "404", "/health");

    }

    [Fact]
    public async Task Rule_that_is_missing_is_named_by_its_security_group()
    {
        var plan = await RunningStack.SmallPlanAsync();
        await using var stack = await RunningStack.BeginAsync(Without(plan, ResourceTypes.SecurityGroupIngressRule, "pods-from-balancer"), Speed);
        await stack.UntilAsync(status => status.Targets.Count > 0 && status.Targets.All(target => target.Reason.Contains("within the timeout", StringComparison.Ordinal)), "every target is silent");
        AssertDiagnosed(await AskSettledAsync(stack), "closed-flow", "F102", PathStep.SecurityGroup, "SecurityGroup", "8080", "filtered, not refused");
    }

    [Fact]
    public async Task Crash_at_start_names_the_setting()
    {
        var plan = await RunningStack.SmallPlanAsync();
        plan = RunningStack.With(plan, ResourceTypes.Deployment, inputs =>
        {
            var env = inputs["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
            env.Remove(env.First(entry => entry!["name"]!.GetValue<string>() == "ConnectionStrings__queue"));
        });
        await using var stack = await RunningStack.BeginAsync(plan, Speed);
        await stack.UntilAsync(status => status.Pods.Any(pod => pod is { Workload: "orders", Restarts: > 0 }), "orders crashed");
        AssertDiagnosed(await AskAsync(stack), "crash", "F103", PathStep.Listener, "exit code 2", "ConnectionStrings__queue");
    }

    [Fact]
    public async Task Nothing_running_is_reported_with_exit_code_2()
    {
        var folder = Directory.CreateTempSubdirectory("candor-doctor-").FullName;
        var diagnosis = await LocalDoctor.AskAsync(LocalTarget.Client(folder), null, TimeProvider.System, CancellationToken.None);
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("No stack is running", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task PlantAsync(RunningStack stack, Plan plan, string seen)
    {
        await stack.Client.ApplyAsync(plan);
        await stack.UntilAsync(status => status.Targets.Count > 0 && status.Targets.All(target => target.State != TargetState.Healthy && target.Reason.Contains(seen, StringComparison.OrdinalIgnoreCase)), $"every target says {seen}");
    }

    private static Plan Without(Plan plan, string type, string name) =>
        plan with { Resources = [.. plan.Resources.Where(resource => !(resource.Type == type && resource.Name.StartsWith(name, StringComparison.Ordinal)))] };

    private static Task<Diagnosis> AskAsync(RunningStack stack) => LocalDoctor.AskAsync(stack.Client, null, TimeProvider.System, CancellationToken.None);

    // A stack that has only just begun says other things too, which are true for a moment.
    private static async Task<Diagnosis> AskSettledAsync(RunningStack stack)
    {
        var diagnosis = await AskAsync(stack);
        for (var attempt = 0; attempt < 30 && diagnosis.Others.Any(finding => finding.Severity == Severity.Fault); attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            diagnosis = await AskAsync(stack);
        }

        return diagnosis;
    }

    private static void AssertDiagnosed(Diagnosis diagnosis, string cause, string fault, PathStep step, params string[] words)
    {
        var text = DiagnosisText.Write(diagnosis);
        Assert.True(cause == diagnosis.Cause?.Cause, text);
        Assert.Equal(fault, diagnosis.Cause!.Fault);
        Assert.Equal(step, diagnosis.Cause.Step);
        Assert.All(words, word => Assert.Contains(word, diagnosis.Cause.Title, StringComparison.Ordinal));
        Assert.DoesNotContain(diagnosis.Others, finding => finding.Severity == Severity.Fault);
    }
}
