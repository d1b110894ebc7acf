using Pulumi;
using Pulumi.Aws.LB;

namespace Candor.Infra.Tests.PulumiOffline;

public class MockFailuresTests
{
    [Fact]
    public async Task A_stack_output_that_is_assigned_nothing_fails_and_is_named()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => new RecordingMocks().RunAsync<ForgetfulStack>());

        Assert.Contains("Output(s) 'url' have no value assigned", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_meant_for_the_user_arrives_without_a_stack_trace()
    {
        var error = await Assert.ThrowsAsync<RunException>(
            () => new RecordingMocks().RunAsync(() => throw new RunException("the port is taken")));

        Assert.Equal("the port is taken", error.Message);
    }

    [Fact]
    public async Task A_failing_mock_fails_the_run_and_everything_that_waits_for_it_once()
    {
        var mocks = new RecordingMocks { State = _ => throw new InvalidOperationException("no such zone") };
        var error = await Assert.ThrowsAsync<RunException>(() => mocks.RunAsync(() =>
        {
            var group = new TargetGroup("orders");
            group.Arn.Apply(arn => arn + "!");
        }));

        Assert.Contains("no such zone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_apply_fails_the_run()
    {
        var error = await Assert.ThrowsAsync<RunException>(
            () => new RecordingMocks().RunAsync(() => Output.Create(0).Apply(zero => 1 / zero)));

        Assert.Contains(nameof(DivideByZeroException), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logged_error_fails_the_run()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => new RecordingMocks().RunAsync(() => Log.Error("no zone")));

        Assert.Equal("no zone", error.Message);
    }

    [Fact]
    public async Task Runs_follow_each_other_and_none_is_left_running()
    {
        await new RecordingMocks().RunAsync(() => Assert.Equal("stack", Deployment.Instance.StackName));
        await Assert.ThrowsAsync<RunException>(() => new RecordingMocks().RunAsync(() => throw new RunException("no")));
        await new RecordingMocks().RunAsync(() => Assert.Equal("project", Deployment.Instance.ProjectName));

        Assert.Throws<InvalidOperationException>(() => Deployment.Instance);
    }

    [Fact]
    public async Task A_program_without_an_engine_fails_and_reports_it()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Deployment.RunAsync(() => { }));

        Assert.Contains("Program run without the Pulumi engine available", error.Message, StringComparison.Ordinal);
    }

    private sealed class ForgetfulStack : Stack
    {
        public ForgetfulStack() => Url = null;

        [Output("url")]
        public Output<string>? Url { get; private set; }
    }
}
