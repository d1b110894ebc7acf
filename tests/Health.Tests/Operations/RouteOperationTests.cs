using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Operations;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Operations;

/// <summary>How an operation is judged by what its users are served: bounds of time from the faults F217 to F219, F227 and N311.</summary>
public sealed class RouteOperationTests
{
    private static readonly HealthContract Contract = new() { OperationLimits = new() { ConsecutiveFailures = 3 } };
    private static readonly FailureCause Refused = new(Reason.Refused, "42501") { Dependency = "database", Condition = "insufficient privilege" };
    private readonly FakeTimeProvider _time = new();
    private readonly RouteOperation _operation;
    private readonly List<OperationStatus> _changes = [];

    public RouteOperationTests() => _operation = new(
        new()
        {
            Name = "place-order",
            Route = "POST /orders",
            Uses = ["database"],
            LatencyLimit = TimeSpan.FromSeconds(2),
            Canary = new() { Path = "/orders" },
        },
        judged: true,
        Contract,
        _time,
        _time);

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void F217_total_failure_is_failing_within_four_seconds_and_healthy_within_five_of_the_repair(int perSecond)
    {
        Run(TimeSpan.FromSeconds(30), perSecond, () => true);

        var failing = Run(TimeSpan.FromSeconds(4), perSecond, () => false);
        Assert.Equal(OperationStatus.Failing, Status);
        Assert.Equal("database: 42501 insufficient privilege", _operation.Read().ReasonText);
        Assert.InRange(failing, TimeSpan.Zero, TimeSpan.FromSeconds(4));

        Run(TimeSpan.FromSeconds(26), perSecond, () => false);
        Run(TimeSpan.FromSeconds(5), perSecond, () => true);
        Assert.Equal(OperationStatus.Healthy, Status);
        Assert.Equal([OperationStatus.Healthy, OperationStatus.Failing, OperationStatus.Healthy], _changes);
    }

    [Theory]
    [InlineData(0.2, 50)]
    [InlineData(0.3, 50)]
    [InlineData(0.1, 50)]
    [InlineData(0.3, 6)]
    public void F218_partial_failure_is_degraded_without_changing_back_and_forth(double share, int perSecond)
    {
        var random = new Random(7);
        Run(TimeSpan.FromSeconds(30), perSecond, () => true);
        Run(TimeSpan.FromSeconds(60), perSecond, () => random.NextDouble() >= share);
        Assert.Equal(OperationStatus.Degraded, Status);

        Run(TimeSpan.FromSeconds(9), perSecond, () => true);
        Assert.Equal([OperationStatus.Healthy, OperationStatus.Degraded, OperationStatus.Healthy], _changes);
    }

    [Fact]
    public void N311_failures_of_less_than_a_second_and_single_ones_are_nothing()
    {
        Run(TimeSpan.FromSeconds(10), 50, () => true);
        Run(TimeSpan.FromSeconds(0.9), 50, () => false);
        Run(TimeSpan.FromSeconds(30), 50, () => true);
        Run(TimeSpan.FromSeconds(0.02), 50, () => false);
        Run(TimeSpan.FromSeconds(30), 50, () => true);

        Assert.Equal([OperationStatus.Healthy], _changes);
    }

    [Fact]
    public void N305_bad_requests_neither_fail_it_nor_hide_that_it_fails()
    {
        for (var request = 0; request < 1000; request++)
        {
            _operation.Add(default);
        }

        Assert.Equal(OperationStatus.Unknown, Status);
        Run(TimeSpan.FromSeconds(4), 1, () => false, ignored: 100);
        Assert.Equal(OperationStatus.Failing, Status);
    }

    [Fact]
    public void N307_shed_load_degrades_and_does_not_fail_it()
    {
        for (var request = 0; request < 200; request++)
        {
            _operation.Add(new(request % 2 == 0 ? RequestOutcome.Shed : RequestOutcome.Served, null, null));
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _operation.Read();
        }

        Assert.Equal((OperationStatus.Degraded, "overloaded"), (Status, _operation.Read().ReasonText));
    }

    [Fact]
    public void Slow_answers_make_it_slow_and_quick_ones_healthy_again()
    {
        Answer(TimeSpan.FromSeconds(3), 10);
        Assert.Equal(OperationStatus.Slow, Status);

        Answer(TimeSpan.FromMilliseconds(5), 10);
        Assert.Equal(OperationStatus.Healthy, Status);
    }

    [Fact]
    public void F219_canary_alone_fails_it_and_brings_it_back()
    {
        Canary(failed: true, 10);
        Assert.Equal(OperationStatus.Failing, Status);

        Canary(failed: false, 10);
        Assert.Equal(OperationStatus.Healthy, Status);
    }

    [Fact]
    public void Canary_that_succeeds_does_not_acquit_an_operation_whose_users_fail()
    {
        for (var second = 0; second < 20; second++)
        {
            _operation.Add(new(RequestOutcome.Failed, null, Refused));
            Canary(failed: false, 5);
        }

        Assert.Equal(OperationStatus.Failing, Status);
    }

    [Fact]
    public void Canary_that_fails_while_users_are_served_degrades_only()
    {
        for (var second = 0; second < 20; second++)
        {
            _operation.Add(new(RequestOutcome.Served, TimeSpan.Zero, null));
            _operation.Add(new(RequestOutcome.Served, TimeSpan.Zero, null));
            Canary(failed: true, 5);
        }

        Assert.Equal(OperationStatus.Degraded, Status);
    }

    [Fact]
    public void Repaired_dependency_acquits_it_at_once_unless_it_was_not_the_dependencys_doing()
    {
        var down = new FailureCause(Reason.DependencyDown) { Dependency = "database" };
        Run(TimeSpan.FromSeconds(5), 10, () => false, cause: down);
        Assert.Equal(OperationStatus.Failing, Status);
        _operation.Acquit("cache", null);
        Assert.Equal(OperationStatus.Failing, Status);
        _operation.Acquit("database", null);
        Assert.Equal(OperationStatus.Healthy, Status);
    }

    [Fact]
    public void Repaired_dependency_does_not_acquit_it_of_statements_that_are_refused_unless_the_check_was_refused_alike()
    {
        var violation = new FailureCause(Reason.Refused, "23514") { Dependency = "database" };
        Run(TimeSpan.FromSeconds(5), 10, () => false, cause: violation);
        _operation.Acquit("database", null);
        Assert.Equal(OperationStatus.Failing, Status);
        _operation.Acquit("database", "23514");
        Assert.Equal(OperationStatus.Healthy, Status);
    }

    [Fact]
    public void Root_cause_is_not_replaced_by_the_breaker_that_opens_because_of_it()
    {
        Run(TimeSpan.FromSeconds(5), 10, () => false);
        Run(TimeSpan.FromSeconds(20), 10, () => false, cause: new(Reason.CircuitOpen));
        Assert.Equal("database: 42501 insufficient privilege", _operation.Read().ReasonText);

        Run(TimeSpan.FromSeconds(20), 10, () => false, cause: new(Reason.Refused, "25006") { Dependency = "database" });
        Assert.Equal("database: 25006 refused", _operation.Read().ReasonText);
    }

    [Fact]
    public void Instance_that_gets_no_requests_any_more_is_let_back_in_after_the_readmission_delay_which_doubles()
    {
        foreach (var delay in new[] { 5, 10, 20 })
        {
            Run(TimeSpan.FromSeconds(4), 10, () => false);
            Assert.Equal(OperationStatus.Failing, Status);
            _time.Advance(TimeSpan.FromSeconds(delay - 1));
            Assert.Equal(OperationStatus.Failing, Status);
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(OperationStatus.Healthy, Status);
        }
    }

    // The bound is the timeline's row for what the app itself needs; the last term is the answer that may be reused.
    [Fact]
    public void F227_outage_of_any_length_is_over_within_the_timelines_row_after_the_last_late_canary() =>
        Prop.ForAll(Gen.Choose(200, 2000).Zip(Gen.Choose(2, 60)).Zip(Gen.Choose(100, 1000)).ToArbitrary(), values =>
        {
            var ((freshness, outage), timeout) = values;
            var contract = Contract with
            {
                Freshness = TimeSpan.FromMilliseconds(freshness),
                Operations = [new() { Name = "a", Route = "GET /", Canary = new() { Path = "/", Timeout = TimeSpan.FromMilliseconds(timeout) } }],
            };
            var operation = new RouteOperation(contract.Operations[0], judged: true, contract, _time, _time);
            var quick = contract.Freshness / 5;
            void Canary(bool failed)
            {
                _time.Advance(quick);
                (failed ? (Action)(() => operation.CanaryFailed(Refused)) : operation.CanaryPassed)();
                operation.Read();
            }

            for (var canary = 0; canary < Math.Max(20, outage); canary++)
            {
                Canary(failed: true);
            }

            if (operation.Read().Status != OperationStatus.Failing)
            {
                return false;
            }

            // The repair; one canary still hangs, and fails at its timeout.
            var repaired = _time.GetTimestamp();
            _time.Advance(contract.Operations[0].Canary!.Timeout);
            operation.CanaryFailed(Refused);
            while (operation.Read().Status != OperationStatus.Healthy)
            {
                Canary(failed: false);
            }

            return _time.GetElapsedTime(repaired) + contract.Freshness <= ContractTimeline.Of(contract, RolloutShape.Default).ReadyAgain.Worst + quick;
        }).QuickCheckThrowOnFailure();

    private OperationStatus Status => _operation.Read().Status;

    // Users at a steady rate, health asked ten times a second. Returns when the status changed last.
    private TimeSpan Run(TimeSpan span, int perSecond, Func<bool> served, int ignored = 0, FailureCause? cause = null)
    {
        var changed = TimeSpan.Zero;
        var ticks = (int)Math.Round(span.TotalSeconds * 100);
        for (var tick = 0; tick < ticks; tick++)
        {
            var requests = ((tick + 1) * perSecond / 100) - (tick * perSecond / 100);
            for (var request = 0; request < requests; request++)
            {
                var well = served();
                _operation.Add(new(well ? RequestOutcome.Served : RequestOutcome.Failed, TimeSpan.FromMilliseconds(5), well ? null : cause ?? Refused));
                for (var other = 0; other < ignored; other++)
                {
                    _operation.Add(default);
                }
            }

            if (tick % 10 == 0 && Status is var status && status != OperationStatus.Unknown && (_changes.Count == 0 || _changes[^1] != status))
            {
                _changes.Add(status);
                changed = TimeSpan.FromMilliseconds(tick * 10);
            }

            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return changed;
    }

    private void Canary(bool failed, int times)
    {
        for (var canary = 0; canary < times; canary++)
        {
            if (failed)
            {
                _operation.CanaryFailed(Refused);
            }
            else
            {
                _operation.CanaryPassed();
            }

            _operation.Read();
            _time.Advance(TimeSpan.FromMilliseconds(200));
        }
    }

    private void Answer(TimeSpan duration, int times)
    {
        for (var request = 0; request < times; request++)
        {
            _operation.Add(new(RequestOutcome.Served, duration, null));
            _operation.Read();
            _time.Advance(TimeSpan.FromMilliseconds(300));
        }
    }
}
