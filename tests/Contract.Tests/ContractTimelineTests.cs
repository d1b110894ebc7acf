using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed class ContractTimelineTests
{
    [Fact]
    public void Of_the_articles_numbers_notices_a_failure_after_20_to_35_seconds() =>
        Assert.Equal(
            new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(35)),
            ContractTimeline.Of(new(), RolloutShape.Default).BalancerNoticesFailure);

    [Fact]
    public void Of_the_articles_numbers_reads_row_for_row()
    {
        var rows = ContractTimeline.Of(new(), new(4, 1, 1, TimeSpan.FromSeconds(7))).Rows.Select(
            row => $"{row.Key}: {row.Title}: {row.Window}");

        Assert.Equal(
            [
                "balancerNoticesFailure: balancer stops sending to a failed target: 20s–35s",
                "readyAgain: the app answers ready again after a repair: 0s–64s",
                "balancerNoticesRecovery: balancer sends again to a recovered target: 10s–89s",
                "readinessNoticesFailure: Kubernetes calls a failed pod unready: 20s–33s",
                "readinessNoticesRecovery: Kubernetes calls a recovered pod ready: 0s–77s",
                "livenessNoticesFailure: kubelet restarts a container that is stuck: 40s–63s",
                "startupGivesUp: kubelet restarts a container that does not start: 90s–93s",
                "stopServing: a leaving pod stops serving after SIGTERM: 20s–35s",
                "lastRequest: its last request has ended after SIGTERM: 20s–50s",
                // Two waves; best 0 + 10 + 7, worst 60 + 5 + 3 + 5 + 13 + 25 + 7.
                "rollingUpdate: a rolling update is complete: 34s–236s",
            ],
            rows);
        Assert.Equal("35s", new TimeWindow(TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(35)).ToString());
    }

    [Fact]
    public void Of_a_contract_whose_critical_operations_have_canaries_is_ready_again_without_a_readmission_delay()
    {
        var contract = new HealthContract
        {
            Operations =
            [
                new() { Name = "a", Route = "GET /", Canary = new() { Path = "/" } },
                new() { Name = "b", Route = "GET /b", Critical = false },
            ],
        };

        // A breaker's freshness bound, the last failing canary's timeout, 8 freshness bounds of quiet, one of reuse, one evaluation.
        Assert.Equal(TimeSpan.FromSeconds(1 + 1 + 8 + 1 + 2), ContractTimeline.Of(contract, RolloutShape.Default).ReadyAgain.Worst);
    }

    [Fact]
    public void Of_any_valid_contract_a_recovery_takes_what_the_app_needs_and_then_the_probers_notice() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var timeline = ContractTimeline.Of(contract, RolloutShape.Default);
            var app = timeline.ReadyAgain.Worst;
            var (balancer, readiness) = (contract.Balancer, contract.Readiness);
            return timeline.BalancerNoticesRecovery.Worst == app + (balancer.Interval * balancer.HealthyThreshold) + balancer.Timeout
                && timeline.ReadinessNoticesRecovery.Worst == app + (readiness.Period * readiness.SuccessThreshold) + readiness.Timeout;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_a_probe_that_waits_longer_than_the_app_may_take_counts_the_wait()
    {
        var slowStart = new HealthContract { Startup = new HealthContract().Startup with { InitialDelay = TimeSpan.FromSeconds(100) } };

        var more =
            ContractTimeline.Of(slowStart, RolloutShape.Default).RollingUpdate.Worst
            - ContractTimeline.Of(new(), RolloutShape.Default).RollingUpdate.Worst;

        Assert.Equal(2 * (slowStart.Startup.InitialDelay - slowStart.StartupLimit), more);
    }

    [Fact]
    public void Of_more_replicas_than_anyone_has_ends_in_a_number_all_the_same() =>
        Assert.Equal(TimeSpan.FromDays(3650), ContractTimeline.Of(new(), new(int.MaxValue, 1, 0, TimeSpan.Zero)).RollingUpdate.Worst);

    [Fact]
    public void Of_any_valid_contract_has_ordered_bounds() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
            ContractTimeline.Of(contract, RolloutShape.Default).Rows.All(
                row => row.Window.Best >= TimeSpan.Zero && row.Window.Best <= row.Window.Worst))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Of_any_valid_contract_ends_the_last_request_within_the_grace() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
            ContractTimeline.Of(
                contract, RolloutShape.Default).LastRequest.Worst + contract.Drain.Margin <= contract.Drain.TerminationGrace)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Of_a_stricter_threshold_never_notices_sooner() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var stricter = contract with
            {
                Balancer = contract.Balancer with { UnhealthyThreshold = contract.Balancer.UnhealthyThreshold + 1 },
            };
            return ContractTimeline.Of(
                stricter,
                RolloutShape.Default).BalancerNoticesFailure.Worst > ContractTimeline.Of(
                    contract, RolloutShape.Default).BalancerNoticesFailure.Worst;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_more_replicas_takes_longer_to_roll_unless_more_may_surge()
    {
        var one = ContractTimeline.Of(new(), new(2, 1, 0, TimeSpan.Zero)).RollingUpdate.Worst;
        Assert.Equal(one * 2, ContractTimeline.Of(new(), new(4, 1, 0, TimeSpan.Zero)).RollingUpdate.Worst);
        Assert.Equal(one, ContractTimeline.Of(new(), new(4, 2, 0, TimeSpan.Zero)).RollingUpdate.Worst);
    }

    [Fact]
    public void Scale_divides_every_bound()
    {
        var timeline = ContractTimeline.Of(new(), RolloutShape.Default);
        foreach (var (row, scaled) in timeline.Rows.Zip(timeline.Scale(5).Rows))
        {
            Assert.Equal(row.Window.Worst / 5, scaled.Window.Worst);
        }
    }
}
