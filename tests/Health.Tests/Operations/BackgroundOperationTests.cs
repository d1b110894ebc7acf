using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Operations;
using Candor.Testing.Time;

namespace Candor.Health.Tests.Operations;

/// <summary>F221: background work that stands still.</summary>
public sealed class BackgroundOperationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OperationRegistry _registry;
    private readonly IBackgroundOperation _work;

    public BackgroundOperationTests()
    {
        var contract = new HealthContract { Operations = [new() { Name = "deliver-outbox", MaximumAge = TimeSpan.FromSeconds(30) }] };
        _registry = new(contract, new([]), _time, _time);
        _work = _registry.Named("deliver-outbox");
    }

    private OperationReport Report => _registry.Read().Single();

    [Fact]
    public void Work_that_was_never_reported_on_is_unknown_and_work_without_open_items_is_healthy_however_long()
    {
        Assert.Equal(OperationStatus.Unknown, Report.Status);
        _work.ReportOldest(null);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((OperationStatus.Healthy, TimeSpan.Zero), (Report.Status, Report.OldestAge));
    }

    [Fact]
    public void Open_item_grows_older_between_reports_degrades_when_nothing_gets_done_and_fails_at_the_maximum_age()
    {
        _work.ReportOldest(TimeSpan.FromSeconds(1));
        Assert.Equal(OperationStatus.Healthy, Report.Status);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((OperationStatus.Degraded, "no progress", TimeSpan.FromSeconds(7)), (Report.Status, Report.ReasonText, Report.OldestAge));

        _time.Advance(TimeSpan.FromSeconds(23));
        Assert.Equal(OperationStatus.Failing, Report.Status);

        _work.ReportProgress();
        _work.ReportOldest(null);
        Assert.Equal(OperationStatus.Healthy, Report.Status);
    }

    [Fact]
    public void Rounds_that_fail_degrade_it_with_their_cause_until_rounds_succeed()
    {
        for (var round = 0; round < 3; round++)
        {
            _work.ReportFailure(new FailureCause(Reason.Refused, "403") { Dependency = "queue", Condition = "access refused" });
            _time.Advance(TimeSpan.FromSeconds(1));
            _registry.Read();
        }

        Assert.Equal((OperationStatus.Degraded, "queue: 403 access refused"), (Report.Status, Report.ReasonText));
        for (var round = 0; round < 5; round++)
        {
            _work.ReportProgress();
            _time.Advance(TimeSpan.FromMilliseconds(400));
        }

        Assert.Equal(OperationStatus.Healthy, Report.Status);
    }

    [Fact]
    public void Rounds_of_which_some_failed_in_an_outage_are_healthy_within_five_freshness_bounds_of_the_last_failure()
    {
        for (var round = 0; round < 10; round++)
        {
            if (round is 4 or 6 or 8 or 9)
            {
                _work.ReportFailure(new FailureCause(Reason.PoolSaturated) { Dependency = "database" });
            }
            else
            {
                _work.ReportProgress();
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            _registry.Read();
        }

        Assert.Equal((OperationStatus.Degraded, "database: pool saturated"), (Report.Status, Report.ReasonText));
        for (var round = 0; round < 4; round++)
        {
            _work.ReportProgress();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(OperationStatus.Healthy, Report.Status);
    }

    [Fact]
    public void Name_that_the_contract_does_not_list_is_refused_with_those_that_it_does()
    {
        var mistake = Assert.Throws<ArgumentException>(() => _registry.Named("outbox"));
        Assert.Contains("deliver-outbox", mistake.Message, StringComparison.Ordinal);
    }
}
