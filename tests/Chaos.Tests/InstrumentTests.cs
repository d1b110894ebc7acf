using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Running;
using Candor.Chaos.Tests.Toy;

namespace Candor.Chaos.Tests;

/// <summary>The instrument, held against a service of which everything is known: it must find exactly that.</summary>
public sealed class InstrumentTests
{
    private static readonly Dictionary<string, Effect> _broken = new() { [Operations.Place] = Effect.Broken, [Operations.Read] = Effect.Broken, [Operations.List] = Effect.Broken };

    private static readonly Expectation _down = new() { Says = Verdict.NotReady, Because = ["database: down"], Within = TimeSpan.FromSeconds(10), RecoversWithin = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Service_that_is_healthy_and_reports_it_is_right_in_every_second()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, Expectation.Nothing);

        Assert.Equal(Outcome.Right, run.Outcome);
        Assert.Equal(Operations.Requests, run.Operations.Select(operation => operation.Operation));
        Assert.All(run.Operations, operation =>
        {
            Assert.True(operation is { Before: 0, During: 0, TruePositive: 0, FalsePositive: 0, FalseNegative: 0, TrueNegative: > 2 }, operation.ToString());
            Assert.True(operation.Requests > 5, $"{operation.Requests} requests of {operation.Operation}");
        });
        Assert.Equal(0, run.FalseSeconds);
        Assert.False(run.Reported);
    }

    [Fact]
    public async Task Service_that_fails_and_reports_it_is_found_with_its_reason_and_recovers()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(
            toy, _down, _broken, () => (toy.Users, toy.Health) = (_ => ToyAnswer.Refused, (_, _) => ToyService.Down("database", "down")), () => (toy.Users, toy.Health) = (_ => ToyAnswer.Right, (_, _) => ToyService.Ready));

        Assert.Equal(Outcome.Right, run.Outcome);
        Assert.True(run.FirstVerdict < 1 && run.FirstReason < 1 && run.HealthRecovered < 1, run.ToString());
        Assert.All(run.Operations, operation => Assert.True(operation.During > 0.9, operation.ToString()));
        Assert.Contains("database: down", run.Said);
    }

    [Fact]
    public async Task Service_that_fails_and_says_that_it_is_well_is_missed()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, _down with { Within = TimeSpan.FromSeconds(1) }, _broken, () => toy.Users = _ => ToyAnswer.Refused, () => toy.Users = _ => ToyAnswer.Right);

        Assert.Equal(Outcome.Wrong, run.Outcome);
        AssertOnly(FindingKind.Missed, run);
        Assert.Null(run.FirstVerdict);
        Assert.True(run.Operations.Sum(operation => operation.FalseNegative) > 0 && run.Operations.Sum(operation => operation.TruePositive) == 0);
    }

    [Fact]
    public async Task Service_whose_answers_are_wrong_fails_its_users_although_every_code_is_2xx()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, _down, _broken, () => toy.Users = _ => ToyAnswer.Wrong, () => toy.Users = _ => ToyAnswer.Right);

        Assert.Contains(run.Findings, finding => finding.Kind == FindingKind.Missed);
        Assert.All(run.Operations, operation => Assert.Contains(operation.Failures, failure => failure.Contains("wrong", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Service_that_names_something_else_has_the_wrong_reason_and_one_that_fails_a_healthy_dependency_too()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(
            toy,
            _down with { NotBecause = ["cache: "] },
            _broken,
            () => (toy.Users, toy.Health) = (_ => ToyAnswer.Refused, (_, _) => ToyService.Down("cache", "down")),
            () => (toy.Users, toy.Health) = (_ => ToyAnswer.Right, (_, _) => ToyService.Ready));

        Assert.Equal(Outcome.Wrong, run.Outcome);
        Assert.Equal(2, run.Findings.Count(finding => finding.Kind == FindingKind.WrongReason));
    }

    [Fact]
    public async Task Service_whose_verdict_comes_and_goes_flaps()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(
            toy,
            _down,
            _broken,
            () => (toy.Users, toy.Health) = (_ => ToyAnswer.Refused, (_, asked) => asked / 8 % 2 == 0 ? ToyService.Ready : ToyService.Down("database", "down")),
            () => (toy.Users, toy.Health) = (_ => ToyAnswer.Right, (_, _) => ToyService.Ready));

        Assert.Contains(run.Findings, finding => finding.Kind == FindingKind.Flapping);
        Assert.True(run.Flaps >= 2, $"{run.Flaps} flaps");
        Assert.Equal(Outcome.Late, run.Outcome);
    }

    [Fact]
    public async Task Service_that_is_slow_is_slow_and_does_not_fail()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, Expectation.Nothing, null, () => toy.Users = _ => ToyAnswer.Slow, () => toy.Users = _ => ToyAnswer.Right);

        Assert.All(run.Operations, operation => Assert.True(operation is { During: 0, Slow: > 0.8 }, operation.ToString()));
        // Slow answers do not slow down those who ask.
        Assert.DoesNotContain(run.Findings, finding => finding.Kind == FindingKind.Instrument);
    }

    [Fact]
    public async Task Service_that_is_well_and_says_that_it_is_not_gives_a_false_alarm()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, Expectation.Nothing, null, () => toy.Health = (replica, _) => replica == 1 ? ToyService.Down("database", "down") : ToyService.Ready, () => toy.Health = (_, _) => ToyService.Ready);

        Assert.Contains(run.Findings, finding => finding.Kind == FindingKind.FalseAlarm);
        Assert.True(run.FalseSeconds > 0.5, $"{run.FalseSeconds} false seconds");
        Assert.True(run.Reported && run.Fails);
    }

    [Fact]
    public async Task Liveness_that_fails_for_what_no_restart_helps_is_wrong()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(
            toy,
            _down,
            _broken,
            () => (toy.Users, toy.Health, toy.Liveness) = (_ => ToyAnswer.Refused, (_, _) => ToyService.Down("database", "down"), 503),
            () => (toy.Users, toy.Health, toy.Liveness) = (_ => ToyAnswer.Right, (_, _) => ToyService.Ready, 200));

        AssertOnly(FindingKind.Liveness, run);
        Assert.True(run.Fails);
    }

    [Fact]
    public async Task Fault_that_had_no_effect_is_invalid_and_counts_for_nothing()
    {
        await using var toy = await ToyService.StartAsync();

        var run = await MeasureAsync(toy, _down, _broken);

        Assert.Equal(Outcome.Invalid, run.Outcome);
        Assert.False(run.Counts);
        Assert.Contains(run.Findings, finding => finding.Text.Contains("no effect", StringComparison.Ordinal));
    }

    private static void AssertOnly(FindingKind kind, FaultRun run) =>
        Assert.True(run.Findings.Select(finding => finding.Kind).SequenceEqual([kind]), string.Join("\n", run.Findings.Select(finding => $"{finding.Kind}: {finding.Text}")));

    private static async Task<FaultRun> MeasureAsync(ToyService toy, Expectation health, Dictionary<string, Effect>? users = null, Action? inject = null, Action? undo = null)
    {
        var fault = new Fault
        {
            Id = "T1",
            Family = FaultFamily.App,
            Title = "What the test does.",
            To = Subject.EveryReplica,
            Injections = inject is null ? [] : [new Toying(inject, undo!)],
            Users = users ?? [],
            Health = health,
            Lasts = TimeSpan.FromSeconds(45),
        };
        for (var attempt = 1; ; attempt++)
        {
            var run = await new Measurement(toy.System(), rate: 60, TimeProvider.System) { Shortest = TimeSpan.FromSeconds(1.5) }.RunAsync(fault, CancellationToken.None);

            // That a busy machine is told from a result is one of the things tested; it is no result.
            var late = run.Findings.Any(finding => finding.Text.Contains("keep their rate", StringComparison.Ordinal));
            if (attempt == 8 || !(late || (inject is not null && run.Outcome == Outcome.Invalid)))
            {
                return run;
            }
        }
    }
}
