using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Evaluation;

/// <summary>Every round ends on time and says what each check said.</summary>
public sealed class EvaluatorTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    /// <summary>When the deadline's timer fires: rounded up, so that it never comes before the deadline.</summary>
    private static readonly TimeSpan Due = Short + TimeSpan.FromMilliseconds(1);

    /// <summary>For tests on the real thread pool, which other tests load: it may be late without saying so.</summary>
    private static readonly HealthBudget LongMargin = new() { Margin = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Check_that_blocks_and_ignores_its_token_is_reported_failed_while_it_still_blocks()
    {
        using var release = new ManualResetEventSlim();
        using var engine = TestChecks.Engine(
        [
            TestChecks.Of("deaf", _ =>
            {
                release.Wait(CancellationToken.None);
                return Task.FromResult(HealthCheckResult.Healthy());
            }, Short),
            TestChecks.Healthy("other"),
        ], budget: LongMargin);

        // On a busy machine the first round may end before the check has begun; it blocks until the test has seen its verdict.
        var evaluation = await engine.EvaluateAsync();
        await Hosting.Eventually.TrueAsync(async () => (evaluation = await engine.EvaluateAsync()).Report("deaf").Reason == Reason.TimedOut, "the check is timed out");
        release.Set();

        Assert.Equal(CheckOutcome.Unhealthy, evaluation.Report("deaf").Outcome);
        Assert.True(evaluation.Report("deaf").Duration >= Short);
        Assert.Equal(CheckOutcome.Healthy, evaluation.Report("other").Outcome);
        Assert.False(evaluation.Late);
    }

    [Fact]
    public async Task Abandoned_check_is_not_started_again_until_it_ends_and_passes_afterwards()
    {
        var starts = 0;
        var release = new TaskCompletionSource();
        using var engine = TestChecks.Engine(
        [
            TestChecks.Of("slow", async _ =>
            {
                Interlocked.Increment(ref starts);
                await release.Task;
                return HealthCheckResult.Healthy();
            }, Short),
        ], budget: LongMargin);

        var first = await engine.EvaluateAsync();
        var second = await engine.EvaluateAsync();
        Assert.NotEqual(CheckOutcome.Healthy, first.Report("slow").Outcome);
        Assert.NotEqual(CheckOutcome.Healthy, second.Report("slow").Outcome);
        Assert.Contains("still running", second.Report("slow").Detail, StringComparison.Ordinal);
        Assert.InRange(starts, 0, 1);

        release.SetResult();
        await Hosting.Eventually.TrueAsync(async () => (await engine.EvaluateAsync()).Report("slow").Outcome == CheckOutcome.Healthy, "the check passes again");
        Assert.True(starts >= 2);
    }

    [Fact]
    public async Task Abandoned_check_is_asked_to_end()
    {
        var asked = new TaskCompletionSource();
        using var engine = TestChecks.Engine(
        [
            TestChecks.Of("polite", async token =>
            {
                using var _ = token.Register(asked.SetResult);
                await asked.Task;
                return HealthCheckResult.Healthy();
            }, Short),
        ], budget: LongMargin);

        await engine.EvaluateAsync();

        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Round_ends_at_the_overall_deadline_whatever_a_check_allows_itself()
    {
        var time = new FakeTimeProvider();
        var never = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine([TestChecks.Of("generous", _ => never.Task, TimeSpan.FromMinutes(5)), TestChecks.Of("without", _ => never.Task)], time, new() { Deadline = TimeSpan.FromSeconds(2) });

        var evaluation = await time.OnAsync(engine.EvaluateAsync(), TimeSpan.FromMilliseconds(50));

        Assert.InRange(evaluation.Duration, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.2));
        Assert.All(evaluation.Checks, check => Assert.NotEqual(CheckOutcome.Healthy, check.Outcome));
    }

    [Fact]
    public async Task Each_check_has_its_own_deadline()
    {
        var time = new FakeTimeProvider();
        var never = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine([TestChecks.Of("short", _ => never.Task, Short), TestChecks.Of("long", _ => never.Task, TimeSpan.FromSeconds(1))], time);

        var evaluation = await time.OnAsync(engine.EvaluateAsync(), TimeSpan.FromMilliseconds(10));

        Assert.InRange(evaluation.Report("short").Duration, Short, TimeSpan.FromMilliseconds(200));
        Assert.InRange(evaluation.Report("long").Duration, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task Check_that_throws_fails_alone_and_shows_no_credential()
    {
        using var engine = TestChecks.Engine([TestChecks.Of("broken", _ => throw new InvalidOperationException("Host=db;Password=hunter2;x")), TestChecks.Healthy("other")]);

        var evaluation = await engine.EvaluateAsync();

        Assert.Equal((CheckOutcome.Unhealthy, Reason.CheckFailed), (evaluation.Report("broken").Outcome, evaluation.Report("broken").Reason));
        Assert.DoesNotContain("hunter2", evaluation.Report("broken").Detail, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Healthy, evaluation.Report("other").Outcome);
    }

    [Theory]
    [InlineData(HealthStatus.Degraded, CheckOutcome.Degraded)]
    [InlineData(HealthStatus.Unhealthy, CheckOutcome.Unhealthy)]
    internal async Task Failure_means_what_the_check_was_registered_for(HealthStatus failure, CheckOutcome expected)
    {
        using var engine = TestChecks.Engine([TestChecks.Of("broken", _ => throw new InvalidOperationException(), null, failure)]);

        Assert.Equal(expected, (await engine.EvaluateAsync()).Report("broken").Outcome);
    }

    [Fact]
    public async Task Reason_that_a_check_names_is_kept()
    {
        using var engine = TestChecks.Engine([new("disk", new Naming(), HealthStatus.Unhealthy, null)]);

        Assert.Equal(Reason.Disk, (await engine.EvaluateAsync()).Report("disk").Reason);
    }

    [Fact]
    public async Task Round_whose_own_deadline_came_late_is_unknown_and_fails_no_check()
    {
        var time = new FakeTimeProvider();
        var never = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine([TestChecks.Of("blameless", _ => never.Task, Short), TestChecks.Healthy("other")], time);

        var pending = engine.EvaluateAsync();
        await Hosting.Eventually.TrueAsync(() => engine.Pending == 1, "the other check has ended");
        time.Jump(TimeSpan.FromSeconds(30));
        var evaluation = await pending;

        Assert.True(evaluation.Late);
        Assert.Equal((CheckOutcome.Unknown, Reason.Unknown), (evaluation.Report("blameless").Outcome, evaluation.Report("blameless").Reason));
    }

    [Fact]
    public async Task Check_that_surely_fails_is_not_excused_by_another_that_is_unknown()
    {
        var time = new FakeTimeProvider();
        var never = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine([TestChecks.Of("blameless", _ => never.Task, Short), TestChecks.Of("down", _ => throw new InvalidOperationException())], time);

        var pending = engine.EvaluateAsync();
        await Hosting.Eventually.TrueAsync(() => engine.Pending == 1, "the check that fails has ended");
        time.Jump(TimeSpan.FromSeconds(30));

        Assert.False((await pending).Late);
    }

    [Fact]
    public async Task Deadline_that_comes_late_by_the_margin_and_no_more_is_the_checks_own_failure()
    {
        var time = new FakeTimeProvider();
        var (begun, check) = Waiting();
        using var engine = TestChecks.Engine([TestChecks.Of("slow", check, Short)], time, poolDelay: () => new HealthBudget().Margin);

        var pending = engine.EvaluateAsync();
        await begun;
        time.Jump(Short + new HealthBudget().Margin);

        Assert.Equal((CheckOutcome.Unhealthy, Reason.TimedOut), OutcomeOf(await pending));
    }

    [Fact]
    public async Task Check_that_awaits_while_the_pool_is_late_is_unknown_and_not_failed() =>
        await Hosting.Eventually.TrueAsync(
            async () =>
            {
                var time = new FakeTimeProvider();
                var (begun, check) = Waiting();
                using var engine = TestChecks.Engine([TestChecks.Of("slow", check, Short)], time, poolDelay: () => new HealthBudget().Margin + TimeSpan.FromMilliseconds(1));
                var pending = engine.EvaluateAsync();
                await begun;

                // Between its first step and its first wait it holds its thread, and would be to blame.
                time.Advance(Due);
                return OutcomeOf(await pending) == (CheckOutcome.Unknown, Reason.Unknown);
            },
            "the check is excused");

    [Fact]
    public async Task Abandoned_check_is_excused_for_as_long_as_the_pool_is_late()
    {
        var time = new FakeTimeProvider();
        var delay = TimeSpan.FromMinutes(1);
        var (begun, check) = Waiting();
        using var engine = TestChecks.Engine([TestChecks.Of("slow", check, Short)], time, poolDelay: () => delay);
        var first = engine.EvaluateAsync();
        await begun;
        time.Advance(Due);
        await first;

        await Hosting.Eventually.TrueAsync(async () => OutcomeOf(await engine.EvaluateAsync()) == (CheckOutcome.Unknown, Reason.Unknown), "it is excused once it awaits");
        delay = new HealthBudget().Margin;

        Assert.Equal((CheckOutcome.Unhealthy, Reason.TimedOut), OutcomeOf(await engine.EvaluateAsync()));
    }

    [Fact]
    public async Task Late_end_of_an_abandoned_check_is_not_taken_for_the_round_that_runs_then()
    {
        var time = new FakeTimeProvider();
        var late = new TaskCompletionSource<HealthCheckResult>();
        var other = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine([TestChecks.Of("slow", _ => late.Task, Short), TestChecks.Of("other", _ => other.Task)], time);
        var first = engine.EvaluateAsync();
        await Hosting.Eventually.TrueAsync(() => time.Armed > 0, "the deadline is set");
        time.Advance(Due);
        Assert.Equal(1, engine.Pending);

        late.SetResult(HealthCheckResult.Healthy());
        other.SetResult(HealthCheckResult.Healthy());

        Assert.NotEqual(CheckOutcome.Healthy, (await first).Report("slow").Outcome);
    }

    [Fact]
    public async Task Check_that_was_asked_to_end_gets_a_fresh_token_the_next_time()
    {
        var cancelled = new List<bool>();
        var stuck = new TaskCompletionSource<HealthCheckResult>();
        using var engine = TestChecks.Engine(
        [
            TestChecks.Of("slow", token =>
            {
                lock (cancelled)
                {
                    cancelled.Add(token.IsCancellationRequested);
                    return cancelled.Count == 1 ? stuck.Task : Task.FromResult(HealthCheckResult.Healthy());
                }
            }, Short),
        ], budget: LongMargin);

        await engine.EvaluateAsync();
        stuck.SetResult(HealthCheckResult.Healthy());
        await Hosting.Eventually.TrueAsync(async () => (await engine.EvaluateAsync()).Report("slow").Outcome == CheckOutcome.Healthy, "it passes again");

        Assert.All(cancelled, Assert.False);
    }

    [Fact]
    public async Task Signals_stand_behind_the_checks()
    {
        using var engine = TestChecks.Engine([TestChecks.Healthy("a"), TestChecks.Healthy("b")], signals: [new Failing("traffic")]);

        var evaluation = await engine.EvaluateAsync();

        Assert.Equal(["a", "b", "traffic"], evaluation.Checks.Select(check => check.Name));
        Assert.Equal(["a", "b", "traffic"], engine.Names);
        Assert.Equal(Reason.ErrorRatio, evaluation.Report("traffic").Reason);
    }

    [Fact]
    public async Task Check_is_shared_exactly_when_it_is_tagged_so()
    {
        using var engine = TestChecks.Engine([TestChecks.Of("database", Fail, null, HealthStatus.Unhealthy, CheckTags.Shared), TestChecks.Of("mine", Fail, null, HealthStatus.Unhealthy, "other")]);

        var evaluation = await engine.EvaluateAsync();

        Assert.Equal(DependencyScope.Shared, evaluation.Report("database").Scope);
        Assert.Equal(DependencyScope.Local, evaluation.Report("mine").Scope);

        static Task<HealthCheckResult> Fail(CancellationToken token) => throw new InvalidOperationException();
    }

    [Fact]
    public async Task Check_whose_services_cannot_be_disposed_of_fails()
    {
        var services = new ServiceCollection().AddScoped<Clinging>().BuildServiceProvider();
        using var engine = TestChecks.Engine([new("scoped", provider => provider.GetRequiredService<Clinging>(), HealthStatus.Unhealthy, null)], services: services);

        Assert.Equal(CheckOutcome.Unhealthy, (await engine.EvaluateAsync()).Report("scoped").Outcome);
    }

    [Fact]
    public async Task Check_from_a_scope_gets_one_of_its_own_each_run_and_it_is_disposed()
    {
        var services = new ServiceCollection().AddScoped<Scoped>().BuildServiceProvider();
        var seen = new List<Scoped>();
        using var engine = TestChecks.Engine([new("scoped", provider => Seen(provider, seen), HealthStatus.Unhealthy, null)], services: services);

        await engine.EvaluateAsync();
        await engine.EvaluateAsync();

        Assert.Equal(2, seen.Distinct().Count());
        await Hosting.Eventually.TrueAsync(() => seen.TrueForAll(scoped => scoped.Disposed), "both scopes are disposed");
    }

    [Fact]
    public async Task Checks_run_beside_each_other()
    {
        using var both = new Barrier(2);
        using var engine = TestChecks.Engine([TestChecks.Of("a", Meet), TestChecks.Of("b", Meet)], budget: new() { Deadline = TimeSpan.FromSeconds(30) });

        var evaluation = await engine.EvaluateAsync();

        Assert.All(evaluation.Checks, check => Assert.Equal(CheckOutcome.Healthy, check.Outcome));

        Task<HealthCheckResult> Meet(CancellationToken token)
        {
            both.SignalAndWait(token);
            return Task.FromResult(HealthCheckResult.Healthy());
        }
    }

    /// <summary>A check that awaits for ever, and when it has begun to.</summary>
    private static (Task Begun, Func<CancellationToken, Task<HealthCheckResult>> Check) Waiting()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<HealthCheckResult>();
        return (begun.Task, _ =>
        {
            begun.TrySetResult();
            return never.Task;
        }
        );
    }

    private static (CheckOutcome Outcome, Reason Reason) OutcomeOf(EvaluationResult evaluation) => (evaluation.Report("slow").Outcome, evaluation.Report("slow").Reason);

    private static Scoped Seen(IServiceProvider provider, List<Scoped> seen)
    {
        var scoped = provider.GetRequiredService<Scoped>();
        seen.Add(scoped);
        return scoped;
    }

    private sealed class Naming : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(CheckResults.Failed(context, Reason.Disk));
    }

    private sealed class Failing(string name) : ISignal
    {
        public string Name => name;

        public CheckReport Read() => Signal.Report(name, Reason.ErrorRatio, "half");
    }

    private sealed class Clinging : IHealthCheck, IDisposable
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());

        public void Dispose() => throw new InvalidOperationException("I stay.");
    }

    private sealed class Scoped : IHealthCheck, IDisposable
    {
        public bool Disposed { get; private set; }

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());

        public void Dispose() => Disposed = true;
    }
}
