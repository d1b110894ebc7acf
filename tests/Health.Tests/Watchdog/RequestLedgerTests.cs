using Candor.Contract;
using Candor.Health.Watchdog;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Tests.Watchdog;

/// <summary>Requests in flight, and which of them are stuck.</summary>
public sealed class RequestLedgerTests
{
    private static readonly WatchdogLimits Limits = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RequestLedger _requests;

    public RequestLedgerTests() => _requests = new(Limits, _time);

    [Fact]
    public void Long_download_is_not_stuck()
    {
        _requests.Begin(new Begun());
        _time.Advance(Limits.StuckRequestAge * 2);

        Assert.Equal(0, _requests.Stuck);
        Assert.Equal(1, _requests.InFlight);
    }

    [Fact]
    public void Answers_are_counted_by_class_and_given_up_ones_not_at_all()
    {
        _requests.End(_requests.Begin(new HttpResponseFeature()), 201);
        _requests.End(_requests.Begin(new HttpResponseFeature()), 503);
        _requests.End(_requests.Begin(new HttpResponseFeature()), null);

        Assert.Equal([0, 1, 0, 0, 1], Enumerable.Range(1, 5).Select(_requests.Answered));
        Assert.Equal(0, _requests.InFlight);
    }

    [Fact]
    public void Requests_that_begin_and_end_in_any_order_leave_exactly_those_in_flight() =>
        Prop.ForAll(Gen.Choose(0, 9).ListOf().ToArbitrary(), steps =>
        {
            var ledger = new RequestLedger(Limits, _time);
            var open = new Dictionary<int, RequestLedger.Entry>();
            foreach (var step in steps)
            {
                if (open.Remove(step, out var entry))
                {
                    ledger.End(entry, 200);
                }
                else
                {
                    open[step] = ledger.Begin(new HttpResponseFeature());
                }
            }

            _time.Advance(Limits.StuckRequestAge);
            return ledger.InFlight == open.Count && ledger.Stuck == open.Count;
        }).QuickCheckThrowOnFailure();

    private sealed class Begun : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
