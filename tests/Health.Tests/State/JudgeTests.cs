using System.Collections.Immutable;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Health.State;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.State;

/// <summary>What the checks' words mean for routing.</summary>
public sealed class JudgeTests
{
    private static readonly RoutingPolicy Eject = new() { OnSharedFailure = SharedFailure.Eject };
    private static readonly RoutingPolicy BalancerOnly = new() { OnSharedFailure = SharedFailure.BalancerOnly };
    private static readonly RoutingPolicy Report = new() { OnSharedFailure = SharedFailure.Report };

    private static Gen<CheckReport> AnyCheck =>
        from name in Gen.Elements("a", "b", "requests")
        from outcome in Gen.Elements(CheckOutcome.Healthy, CheckOutcome.Degraded, CheckOutcome.Unhealthy)
        from reason in Gen.Elements(Reason.DependencyDown, Reason.PoolSaturated, Reason.PipelineStuck, Reason.CheckFailed)
        from scope in Gen.Elements(DependencyScope.Local, DependencyScope.Shared)
        select new CheckReport(name, outcome, outcome == CheckOutcome.Healthy ? Reason.None : reason, scope, TimeSpan.Zero, null, []);

    [Fact]
    public void Shared_failure_ejects_where_the_contract_reports_it()
    {
        var down = Checks(Failed("database", Reason.DependencyDown, DependencyScope.Shared));

        Assert.Equal(HealthState.NotReady, Judge.Of(down, Eject, Scope.Full).State);
        Assert.Equal(HealthState.NotReady, Judge.Of(down, BalancerOnly, Scope.Full).State);
        Assert.Equal(HealthState.Degraded, Judge.Of(down, BalancerOnly, Scope.Local).State);
        Assert.Equal(HealthState.Degraded, Judge.Of(down, Report, Scope.Full).State);
        Assert.Equal("database", Judge.Of(down, Report, Scope.Full).Cause);
    }

    [Fact]
    public void Saturated_pool_of_a_shared_database_is_this_instances_own_failure()
    {
        var saturated = Checks(Failed("database", Reason.PoolSaturated, DependencyScope.Shared));

        Assert.Equal(HealthState.NotReady, Judge.Of(saturated, Report, Scope.Full).State);
        Assert.Equal(HealthState.NotReady, Judge.Of(saturated, BalancerOnly, Scope.Local).State);
    }

    [Theory]
    [InlineData("requests")]
    public void Failing_traffic_beside_a_shared_failure_is_that_failure_seen_twice(string signal)
    {
        var both = Checks(Failed("database", Reason.DependencyDown, DependencyScope.Shared), Failed(signal, Reason.ErrorRatio, DependencyScope.Local));

        Assert.Equal(HealthState.Degraded, Judge.Of(both, Report, Scope.Full).State);
        Assert.Equal(HealthState.Degraded, Judge.Of(both, BalancerOnly, Scope.Local).State);
        Assert.Equal(HealthState.NotReady, Judge.Of(Checks(Failed(signal, Reason.ErrorRatio, DependencyScope.Local)), Report, Scope.Full).State);
    }

    [Fact]
    public void Soft_failure_degrades_and_stays_ready()
    {
        var soft = Checks(Failed("cache", Reason.DependencyDown, DependencyScope.Shared) with { Outcome = CheckOutcome.Degraded });

        var verdict = Judge.Of(soft, Eject, Scope.Full);

        Assert.Equal((HealthState.Degraded, Reason.DependencyDown, true), (verdict.State, verdict.Reason, verdict.Ready));
    }

    [Fact]
    public void First_of_several_soft_failures_is_named()
    {
        var soft = Checks(
            Failed("cache", Reason.DependencyDown, DependencyScope.Shared) with { Outcome = CheckOutcome.Degraded },
            Failed("queue", Reason.Backlog, DependencyScope.Shared) with { Outcome = CheckOutcome.Degraded });

        Assert.Equal(("cache", Reason.DependencyDown), (Judge.Of(soft, Eject, Scope.Full).Cause, Judge.Of(soft, Eject, Scope.Full).Reason));
    }

    [Fact]
    public void Starting_names_what_it_waits_for_and_why_it_waits_still()
    {
        var verdict = Judge.Starting([("schema", null), ("warm-up", "no such table")]);

        Assert.Equal((HealthState.Starting, Reason.Starting, "schema", false), (verdict.State, verdict.Reason, verdict.Cause, verdict.Ready));
        Assert.Equal(["schema: runs", "warm-up: no such table"], verdict.Checks.Select(check => $"{check.Name}: {check.Detail}"));
        Assert.All(verdict.Checks, check => Assert.Equal(CheckOutcome.Unhealthy, check.Outcome));
        Assert.Null(Judge.Starting([]).Cause);
    }

    [Fact]
    public void Late_round_is_not_ready_and_unknown()
    {
        var verdict = Judge.Of(Checks() with { Late = true }, Eject, Scope.Full);

        Assert.Equal((HealthState.NotReady, Reason.Unknown), (verdict.State, verdict.Reason));
    }

    [Fact]
    public void Local_scope_and_report_are_never_stricter_than_eject() =>
        Prop.ForAll(AnyCheck.ListOf().ToArbitrary(), checks =>
        {
            var evaluation = Checks([.. checks]);
            var eject = Judge.Of(evaluation, Eject, Scope.Full).Ready;
            return (!eject || Judge.Of(evaluation, Eject, Scope.Local).Ready)
                && (!eject || Judge.Of(evaluation, Report, Scope.Full).Ready)
                && Judge.Of(evaluation, BalancerOnly, Scope.Full).Ready == eject;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ready_is_reported_exactly_when_every_check_passes() =>
        Prop.ForAll(AnyCheck.ListOf().ToArbitrary(), checks =>
            (Judge.Of(Checks([.. checks]), Eject, Scope.Full).State == HealthState.Ready) == checks.All(check => check.Outcome == CheckOutcome.Healthy))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Required_local_failure_is_never_ready() =>
        Prop.ForAll(AnyCheck.ListOf().ToArbitrary(), checks =>
        {
            var mine = Failed("mine", Reason.Disk, DependencyScope.Local);
            var evaluation = Checks([.. checks, mine]);
            return new[] { Eject, BalancerOnly, Report }.All(routing => !Judge.Of(evaluation, routing, Scope.Full).Ready && !Judge.Of(evaluation, routing, Scope.Local).Ready);
        }).QuickCheckThrowOnFailure();

    private static CheckReport Failed(string name, Reason reason, DependencyScope scope) => new(name, CheckOutcome.Unhealthy, reason, scope, TimeSpan.Zero, null, []);

    private static EvaluationResult Checks(params ImmutableArray<CheckReport> checks) => new(checks, 0, TimeSpan.Zero, false);
}
