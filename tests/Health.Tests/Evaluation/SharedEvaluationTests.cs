using Candor.Contract;
using Candor.Health.Evaluation;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Evaluation;

/// <summary>One evaluation for all who ask, and none older than the bound.</summary>
public sealed class SharedEvaluationTests
{
    private static readonly HealthContract Contract = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task N304_thousand_probers_at_once_cost_one_evaluation()
    {
        var release = new TaskCompletionSource();
        var shared = Shared(async () =>
        {
            await release.Task;
            return Well();
        });

        var probers = Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await shared.GetAsync())).ToList();
        await Hosting.Eventually.TrueAsync(() => shared.Count > 0, "an evaluation runs");
        release.SetResult();
        var answers = await Task.WhenAll(probers);

        Assert.Equal(1, shared.Count);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public void Answer_is_never_older_than_the_bound_however_probers_come() =>
        Prop.ForAll(Gen.Choose(0, 3000).Select(value => TimeSpan.FromMilliseconds(value)).ListOf().ToArbitrary(), gaps =>
        {
            var shared = Shared(() => Task.FromResult(Well()));
            foreach (var gap in gaps)
            {
                _time.Advance(gap);
                var answer = shared.GetAsync().AsTask().GetAwaiter().GetResult();
                if (answer is null || shared.Age(answer.CompletedAt) > Contract.Freshness)
                {
                    return false;
                }
            }

            var elapsed = TimeSpan.FromTicks(gaps.Sum(gap => gap.Ticks));
            return shared.Count <= 1 + (elapsed / Contract.Freshness);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Answer_is_shared_up_to_the_bound_and_not_beyond()
    {
        var shared = Shared(() => Task.FromResult(Well()));
        await shared.GetAsync();

        _time.Advance(Contract.Freshness);
        await shared.GetAsync();
        Assert.Equal(1, shared.Count);
        _time.Advance(TimeSpan.FromTicks(1));
        await shared.GetAsync();
        Assert.Equal(2, shared.Count);
    }

    [Fact]
    public async Task Every_evaluation_is_reported_once()
    {
        var told = new List<EvaluationResult>();
        var shared = Shared(() => Task.FromResult(Well()));
        shared.Completed += told.Add;

        var first = await shared.GetAsync();
        await shared.GetAsync();
        _time.Advance(Contract.Freshness * 2);
        var second = await shared.GetAsync();

        Assert.Equal([first!, second!], told);
    }

    [Fact]
    public async Task Evaluator_that_hangs_gives_nothing_after_its_deadline_and_is_not_started_beside_itself()
    {
        var hung = new TaskCompletionSource<EvaluationResult>();
        var healthy = true;
        var shared = Shared(() => healthy ? Task.FromResult(Well()) : hung.Task);
        Assert.NotNull(await shared.GetAsync());
        healthy = false;
        _time.Advance(Contract.Freshness * 2);

        var waiting = shared.GetAsync().AsTask();
        _time.Advance(Contract.Budget.Deadline);
        Assert.Equal(1, _time.Armed);
        _time.Advance(Contract.Budget.Margin);

        Assert.Null(await waiting);
        Assert.Null(await shared.GetAsync());
        Assert.Equal(2, shared.Count);

        hung.SetResult(Well());
        healthy = true;
        await Hosting.Eventually.TrueAsync(async () => await shared.GetAsync() is not null, "an answer comes once the evaluator ends");
    }

    [Fact]
    public async Task Late_round_lets_the_one_before_it_stand_once_and_is_unknown_then()
    {
        var late = false;
        var shared = Shared(() => Task.FromResult(Well() with { Late = late }));
        await shared.GetAsync();
        late = true;

        _time.Advance(Contract.Freshness * 2);
        var standing = await shared.GetAsync();
        _time.Advance(Contract.Freshness * 2);
        var unknown = await shared.GetAsync();

        Assert.False(standing!.Late);
        Assert.True(unknown!.Late);
        Assert.Equal(3, shared.Count);
    }

    [Fact]
    public async Task Late_first_round_is_unknown()
    {
        var shared = Shared(() => Task.FromResult(Well() with { Late = true }));

        Assert.True((await shared.GetAsync())!.Late);
    }

    private SharedEvaluation Shared(Func<Task<EvaluationResult>> evaluate) => new(evaluate, Contract, _time);

    private EvaluationResult Well() => new([], _time.GetTimestamp(), TimeSpan.Zero, false);
}
