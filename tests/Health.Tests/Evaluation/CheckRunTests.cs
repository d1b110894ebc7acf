using Candor.Health.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Evaluation;

/// <summary>Whom to blame when a run is late.</summary>
public sealed class CheckRunTests
{
    [Fact]
    public void Run_that_has_not_begun_may_be_late_through_no_fault_of_its_own()
    {
        using var run = Run(_ => Task.FromResult(HealthCheckResult.Healthy()));

        Assert.True(run.MayBeBlameless(poolIsLate: false));
    }

    [Fact]
    public void Run_that_holds_its_thread_is_late_through_its_own_fault()
    {
        CheckRun? run = null;
        bool? blameless = null;
        using (run = Run(_ =>
        {
            blameless = run!.MayBeBlameless(poolIsLate: true);
            return Task.FromResult(HealthCheckResult.Healthy());
        }))
        {
            run.Execute();
        }

        Assert.False(blameless);
    }

    [Fact]
    public void Run_that_awaits_may_be_late_through_no_fault_of_its_own_exactly_when_the_pool_is_late()
    {
        using var run = Run(_ => new TaskCompletionSource<HealthCheckResult>().Task);
        run.Execute();

        Assert.True(run.MayBeBlameless(poolIsLate: true));
        Assert.False(run.MayBeBlameless(poolIsLate: false));
    }

    private static CheckRun Run(Func<CancellationToken, Task<HealthCheckResult>> check) =>
        new(TestChecks.Of("check", check), TimeSpan.FromSeconds(1), new ServiceCollection().BuildServiceProvider(), new([]), (_, _) => { });
}
