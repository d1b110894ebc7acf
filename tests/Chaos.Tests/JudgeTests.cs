using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Probing;
using Candor.Chaos.Users;
using Candor.Contract;

namespace Candor.Chaos.Tests;

/// <summary>What is judged of an observation, without anything running.</summary>
public sealed class JudgeTests
{
    private static readonly Observation _calm = new()
    {
        Fault = new() { Id = "T1", Family = FaultFamily.Nothing, Title = "Nothing.", To = Subject.Stack, Injections = [], Health = Expectation.Nothing },
        Service = ServiceKind.Orders,
        Contract = new HealthContract(),
        Timeline = ContractTimeline.Of(new(), RolloutShape.Default),
        Speed = 1,
        InjectedAt = 2,
        UndoAt = 6,
        UndoneAt = 6,
        EndedAt = 9,
        Victim = "one",
        Users = [.. Every(0.1).Select(at => new UserSample(Operations.List, at, 0, 0.01, UserOutcome.Served, null))],
        Scheduled = 90,
        Skipped = 0,
        Background = [],
        Health = [.. Every(0.1).SelectMany(at => new[] { Says("one", at, PodState.Ready), Says("two", at, PodState.Ready) })],
        Liveness = [],
        Stack = [],
    };

    [Fact]
    public void Calm_is_right()
    {
        Assert.Equal(Outcome.Right, Judge.Of(_calm).Outcome);
    }

    [Fact]
    public void Instance_that_is_new_is_starting_until_it_has_been_ready_and_from_then_on_its_alarms_are_false()
    {
        HealthSample[] starting = [.. Every(0.1).Where(at => at is > 4 and < 5).Select(at => Says("three", at, PodState.NotReady, "cache: timed out"))];
        HealthSample[] ready = [Says("three", 3.5, PodState.Ready)];

        Assert.Equal(Outcome.Right, Judge.Of(_calm with { Health = [.. _calm.Health, .. starting] }).Outcome);
        Assert.Equal(Outcome.Wrong, Judge.Of(_calm with { Health = [.. _calm.Health, .. ready, .. starting] }).Outcome);
    }

    [Fact]
    public void Instance_that_was_draining_when_the_fault_was_made_need_not_say_it()
    {
        var fault = _calm.Fault with { Health = new() { Says = Verdict.NotReady, Within = TimeSpan.FromSeconds(2) }, Family = FaultFamily.Database };
        HealthSample[] health =
        [
            .. _calm.Health.Select(sample => sample.At is >= 2.5 and < 6 ? sample with { Says = PodState.NotReady } : sample),
            .. Every(0.1).Where(at => at < 3).Select(at => Says("old", at, PodState.Draining)),
        ];

        Assert.Equal(Outcome.Right, Judge.Of(_calm with { Fault = fault, Health = health }).Outcome);
    }

    [Fact]
    public void Recovery_has_room_for_what_no_speed_divides()
    {
        HealthSample[] health = [.. _calm.Health.Select(sample => sample.At is >= 2.5 and < 7.6 ? sample with { Says = PodState.NotReady } : sample)];
        var fault = _calm.Fault with { Health = new() { Says = Verdict.NotReady, Within = TimeSpan.FromSeconds(2) }, Family = FaultFamily.Database };

        Assert.Equal(Outcome.Right, Judge.Of(_calm with { Fault = fault, Health = health }).Outcome);
        Assert.Equal(2, Judge.Of(_calm with { Fault = fault, Health = health, Speed = 4 }).Bounds.Recovery);
    }

    [Fact]
    public void Users_or_probers_that_were_late_make_a_run_invalid()
    {
        var lateUsers = Judge.Of(_calm with { Users = [.. _calm.Users.Select((sample, i) => i % 10 == 0 ? sample with { Late = 0.8 } : sample)] });
        var lateProbers = Judge.Of(_calm with { Health = [.. _calm.Health.Select((sample, i) => i % 10 == 0 ? sample with { Late = 0.8 } : sample)] });
        var skipped = Judge.Of(_calm with { Skipped = 5 });

        Assert.All(new[] { lateUsers, lateProbers, skipped }, run =>
        {
            Assert.Equal(Outcome.Invalid, run.Outcome);
            Assert.False(run.Counts || run.Fails);
        });
    }

    [Fact]
    public void Users_that_failed_before_the_fault_make_a_run_invalid()
    {
        var run = Judge.Of(_calm with { Users = [.. _calm.Users.Select(sample => sample.At < 1 ? sample with { Outcome = UserOutcome.Refused, What = "503" } : sample)] });

        Assert.Equal(Outcome.Invalid, run.Outcome);
    }

    [Fact]
    public void Orders_that_are_not_there_or_not_processed_are_lost()
    {
        Assert.Contains(Judge.Of(_calm with { Orders = new(10, 9, 9, 0, 0) }).Findings, finding => finding.Kind == FindingKind.OrdersLost);
        Assert.Contains(Judge.Of(_calm with { Orders = new(10, 10, 9, 0, 0) }).Findings, finding => finding.Kind == FindingKind.OrdersLost);
        Assert.Contains(Judge.Of(_calm with { Orders = new(10, 10, 10, 1, 0) }).Findings, finding => finding.Kind == FindingKind.OrdersLost);
        Assert.Empty(Judge.Of(_calm with { Orders = new(10, 10, 10, 0, 0) }).Findings);
    }

    [Fact]
    public void Only_the_victim_may_leave_when_only_the_victim_is_bad()
    {
        var grey = _calm with
        {
            Fault = _calm.Fault with { Health = new() { Says = Verdict.NotReady, Whose = Whose.Victim, Because = ["database: "], Within = TimeSpan.FromSeconds(2), RecoversWithin = TimeSpan.FromSeconds(2) } },
            Health = [.. _calm.Health.Select(sample => sample.Pod == "one" && sample.At is > 2.5 and < 6.2 ? Says("one", sample.At, PodState.NotReady, "database: down") : sample)],
        };
        var both = grey with { Health = [.. grey.Health.Select(sample => sample.Pod == "two" && sample.At is > 3 and < 4 ? Says("two", sample.At, PodState.NotReady, "database: down") : sample)] };

        var run = Judge.Of(grey);
        Assert.Equal(Outcome.Right, run.Outcome);
        Assert.InRange(run.FirstVerdict!.Value, 0.4, 0.8);
        Assert.InRange(run.HealthRecovered!.Value, 0.1, 0.3);
        Assert.Contains(Judge.Of(both).Findings, finding => finding.Kind == FindingKind.FalseAlarm);
    }

    [Fact]
    public void Instance_that_was_taken_out_does_not_claim_falsely_that_users_fail()
    {
        var bad = _calm with { Health = [.. _calm.Health.Select(sample => sample.Pod == "one" ? Says("one", sample.At, PodState.NotReady, "database: down") : sample)] };
        StackSample Stack(string state) => new(0, [], new Dictionary<string, string> { ["one"] = state, ["two"] = "Healthy" }, []);

        Assert.Equal(0, Of(bad with { Stack = [Stack("Unhealthy")] }).FalsePositive);
        Assert.True(Of(bad with { Stack = [Stack("Healthy")] }).FalsePositive > 3);

        static OperationResult Of(Observation seen) => Judge.Of(seen).Operations.Single();
    }

    [Theory]
    [InlineData("""{"status":"degraded","ready":true,"reason":"place-order: 23514","checks":{},"operations":{"place-order":{"status":"failing","reason":"23514","share":0.7},"list-orders":{"status":"healthy"}}}""", 200, "place-order")]
    [InlineData("""{"status":"not-ready","ready":false,"reason":"dependency down","checks":{"database":{"status":"unhealthy","reason":"dependency down"}}}""", 503, "place-order,read-order,list-orders")]
    [InlineData("""{"status":"degraded","ready":true,"reason":"dependency down","checks":{"cache":{"status":"degraded","reason":"dependency down"}}}""", 200, "")]
    [InlineData("""{"status":"not-ready","ready":false,"reason":"disk","checks":{"disk":{"status":"unhealthy","reason":"disk"}},"operations":{"place-order":{"status":"healthy"}}}""", 503, "place-order,read-order,list-orders")]
    [InlineData("Unhealthy", 503, "place-order,read-order,list-orders")]
    [InlineData("Healthy", 200, "")]
    public void Answer_claims_what_it_says_of_operations(string body, int code, string claimed)
    {
        var sample = HealthSample.Read("one", 0, 0, 0, code, System.Text.Encoding.UTF8.GetBytes(body));

        Assert.Equal(claimed, string.Join(',', Operations.Requests.Where(sample.Claims)));
    }

    [Fact]
    public void Lines_of_an_answer_name_checks_operations_and_the_root_cause()
    {
        const string Body = """{"status":"not-ready","ready":false,"reason":"place-order: 42501 insufficient privilege","checks":{"disk":{"status":"healthy","reason":null}},"operations":{"place-order":{"status":"failing","reason":"42501 insufficient privilege","share":1.0,"since":"2026-11-26T19:00:00Z"}}}""";

        var sample = HealthSample.Read("one", 0, 0, 0, 503, System.Text.Encoding.UTF8.GetBytes(Body));

        Assert.Equal(["health: place-order: 42501 insufficient privilege", "place-order: failing, 42501 insufficient privilege, share 1.0"], sample.Lines);
        Assert.True(sample.Names(["place-order: .*42501"]));
        Assert.False(sample.Names(["disk: "]));
    }

    [Fact]
    public void Answer_of_the_second_articles_endpoint_names_what_is_not_ok()
    {
        var sample = HealthSample.Read("one", 0, 0, 0, 503, """{"database":"error: connection refused","redis":"ok","disk":"ok: 40.0% free"}"""u8.ToArray());

        Assert.Equal(PodState.NotReady, sample.Says);
        Assert.Equal(["database: error: connection refused"], sample.Lines);
    }

    private static IEnumerable<double> Every(double step) => Enumerable.Range(0, (int)(9 / step)).Select(i => i * step);

    private static HealthSample Says(string pod, double at, PodState state, params string[] lines) => new(pod, at, 0, 0.005, state, lines, null);
}
