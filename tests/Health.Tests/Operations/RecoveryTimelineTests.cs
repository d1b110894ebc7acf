using Candor.Contract;
using Candor.Health.Operations;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Operations;

/// <summary>The engine against the contract's timeline, under a fake clock: a repair is believed no later than the recovery row says.</summary>
public sealed class RecoveryTimelineTests
{
    private static readonly Gen<Scenario> Scenarios =
        from freshness in Gen.Choose(100, 3_000)
        from timeout in Gen.Choose(50, 2_000)
        from share in Gen.Elements(0.2, 0.5, 0.9, 1.0)
        from perSecond in Gen.Elements(1, 6, 50)
        from canary in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1_000_000)
        select new Scenario(TimeSpan.FromMilliseconds(freshness), TimeSpan.FromMilliseconds(timeout), share, perSecond, canary, seed);

    [Fact]
    public void Repair_of_any_fault_counts_within_the_timelines_bound() =>
        Prop.ForAll(Scenarios.ToArbitrary(), scenario =>
        {
            var contract = scenario.Contract;
            var bound = ContractTimeline.Of(contract, RolloutShape.Default).ReadyAgain.Worst - (2 * contract.Freshness) - contract.Budget.Deadline;

            var took = scenario.TimeToRecover(limit: bound + TimeSpan.FromMinutes(5));

            // The scenario's own clock moves in steps: one until the last failure counts, one until the verdict is read.
            Assert.True(took <= bound + (2 * Scenario.Step), $"{scenario}: healthy {took} after the repair, expected at most {bound}");
        }).QuickCheckThrowOnFailure();

    private sealed record Scenario(TimeSpan Freshness, TimeSpan CanaryTimeout, double Share, int PerSecond, bool HasCanary, int Seed)
    {
        public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

        public HealthContract Contract => new()
        {
            Freshness = Freshness,
            Operations =
            [
                new()
                {
                    Name = "place-order",
                    Route = "POST /orders",
                    Canary = HasCanary ? new() { Path = "/orders", Timeout = CanaryTimeout, Interval = CanaryTimeout * 5 } : null,
                },
            ],
        };

        /// <summary>Fails for a while, is repaired, and says how long it took until the operation was called healthy.</summary>
        public TimeSpan TimeToRecover(TimeSpan limit)
        {
            var time = new FakeTimeProvider();
            var random = new Random(Seed);
            var contract = Contract;
            var operation = new RouteOperation(contract.Operations[0], judged: true, contract, time, time);
            var untilUser = TimeSpan.Zero;
            var untilCanary = TimeSpan.Zero;
            var fault = (Freshness * 20) + TimeSpan.FromSeconds(20);
            for (var now = TimeSpan.Zero; now < fault; now += Step)
            {
                var fails = random.NextDouble() < Share;
                Ask(operation, ref untilUser, served: !fails);
                Try(operation, ref untilCanary, passes: !fails, answer: TimeSpan.Zero);
                time.Advance(Step);
                operation.Read();
            }

            // The canary that was on its way fails at its timeout, and each that follows takes as long as it may.
            var lastFailure = HasCanary ? CanaryTimeout : (TimeSpan?)null;
            untilCanary = CanaryTimeout + Pause;
            for (var now = TimeSpan.Zero; now < limit; now += Step)
            {
                var status = operation.Read().Status;
                if (status is OperationStatus.Healthy or OperationStatus.Unknown && lastFailure is null)
                {
                    return now;
                }

                if (lastFailure <= now)
                {
                    operation.CanaryFailed(null);
                    lastFailure = null;
                }

                // The balancer sends nothing to an instance that fails.
                if (status != OperationStatus.Failing)
                {
                    Ask(operation, ref untilUser, served: true);
                }

                Try(operation, ref untilCanary, passes: true, answer: CanaryTimeout);
                time.Advance(Step);
            }

            return limit;
        }

        private TimeSpan Pause => Freshness / 5;

        private void Ask(RouteOperation operation, ref TimeSpan until, bool served)
        {
            for (until -= Step; until <= TimeSpan.Zero; until += TimeSpan.FromSeconds(1.0 / PerSecond))
            {
                operation.Add(new(served ? RequestOutcome.Served : RequestOutcome.Failed, TimeSpan.Zero, null));
            }
        }

        private void Try(RouteOperation operation, ref TimeSpan until, bool passes, TimeSpan answer)
        {
            until -= Step;
            if (!HasCanary || until > TimeSpan.Zero)
            {
                return;
            }

            until += Pause + answer;
            if (passes)
            {
                operation.CanaryPassed();
            }
            else
            {
                operation.CanaryFailed(null);
            }
        }
    }
}
