using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Evaluation;
using Candor.Health.Operations;
using Candor.Health.Startup;
using Candor.Health.State;
using Candor.Orders.Resilience;
using Candor.Testing.Time;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Candor.Health.Tests.Operations;

/// <summary>
/// The whole way from a repair to the prober's traffic, under a fake clock and held against the timeline's row with every term of it:
/// the engine, a real circuit breaker, canaries,
/// readmission without them, an evaluation that takes its time, its answer reused, and a prober with interval, timeout and threshold,
/// by whose verdict users come or stay away.
/// </summary>
public sealed class WholeRecoveryTests
{
    private static readonly Gen<Scenario> Scenarios =
        from freshness in Gen.Choose(500, 2_000)
        from canary in Gen.Choose(100, 1_500)
        from fault in Gen.Elements(Fault.DependencyAway, Fault.MostFail, Fault.SomeFail)
        from perSecond in Gen.Elements(1, 6, 50)
        from hasCanary in Gen.Elements(true, false)
        from evaluation in Gen.Choose(0, 1_900)
        from interval in Gen.Choose(5, 10)
        from threshold in Gen.Choose(1, 3)
        from seed in Gen.Choose(0, 1_000_000)
        select new Scenario(freshness, canary, fault, perSecond, hasCanary, evaluation, interval, threshold, seed);

    private enum Fault
    {
        DependencyAway,
        MostFail,
        SomeFail,
    }

    [Fact]
    public void Every_recovery_is_noticed_by_the_prober_within_the_timelines_row() =>
        Prop.ForAll(Scenarios.ToArbitrary(), scenario =>
        {
            var bound = ContractTimeline.Of(scenario.Contract, RolloutShape.Default).BalancerNoticesRecovery.Worst;
            var run = new Run(scenario);
            for (var relapse = 0; relapse < 3; relapse++)
            {
                run.Break();
                var took = run.TimeToRecover(bound + TimeSpan.FromMinutes(2));

                // The run's own clock moves in steps: user, canary, evaluation and prober may each be one late.
                Assert.True(took <= bound + (4 * Run.Step), $"Time {relapse + 1}: traffic comes again {took} after the repair, expected at most {bound}; {run}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private sealed record Scenario(int Freshness, int CanaryTimeout, Fault Fault, int PerSecond, bool HasCanary, int Evaluation, int Interval, int Threshold, int Seed)
    {
        public HealthContract Contract => new()
        {
            Freshness = TimeSpan.FromMilliseconds(Freshness),
            Balancer = new() { Interval = TimeSpan.FromSeconds(Interval), Timeout = TimeSpan.FromSeconds(4), HealthyThreshold = Threshold },
            Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }],
            Operations =
            [
                new()
                {
                    Name = "place-order",
                    Route = "POST /orders",
                    Uses = ["database"],
                    Canary = HasCanary
                        ? new() { Path = "/orders", Timeout = TimeSpan.FromMilliseconds(CanaryTimeout), Interval = TimeSpan.FromMilliseconds(CanaryTimeout * 5) }
                        : null,
                },
            ],
        };
    }

    private sealed class Run : IGuardedFailures, IHealthCheck
    {
        public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

        private readonly FakeTimeProvider _time = new();
        private readonly Scenario _scenario;
        private readonly HealthContract _contract;
        private readonly Random _random;
        private readonly OperationRegistry _operations;
        private readonly RouteOperation _operation;
        private readonly CanaryTimes _canaries = new();
        private readonly HealthService _health;
        private readonly Guard _breaker;
        private readonly BreakerCheck _check;
        private readonly HealthCheckContext _context;
        private bool _broken;
        private TimeSpan _untilUser;
        private (TimeSpan Ends, bool Passes)? _canary;
        private TimeSpan _canaryEnded;
        private TimeSpan _suspectedAt = TimeSpan.MinValue;
        private Task _canariesNow;
        private TimeSpan _untilProbe;
        private (Task<Verdict> Answer, TimeSpan Asked)? _probe;
        private volatile Evaluation? _evaluation;
        private int _passed;
        private int _failed;
        private bool _sends = true;

        public Run(Scenario scenario)
        {
            _scenario = scenario;
            _contract = scenario.Contract;
            _random = new(scenario.Seed);
            _operations = new(_contract, new([]), _time, _time);
            _operation = _operations.OfRoute("POST /orders");
            _breaker = new(_contract, "database", WorkKind.Write, this, _time);
            _check = new(this, [_breaker]);
            _context = new() { Registration = new("database", _check, HealthStatus.Unhealthy, null) };
            var startup = new StartupProgress([]);
            startup.Begin();
            _health = new(
                new SharedEvaluation(EvaluateAsync, _contract, _time),
                _contract,
                _operations,
                _canaries,
                startup,
                new DrainState(_time),
                new TransitionLog(new(NullLogger<HealthChanges>.Instance), NullLogger<TransitionLog>.Instance));
            _canariesNow = _canaries.Now;
            _untilProbe = TimeSpan.FromSeconds(_random.NextDouble() * scenario.Interval);
        }

        private TimeSpan Now => TimeSpan.FromTicks(_time.GetTimestamp());

        private bool DependencyAway => _broken && _scenario.Fault == Fault.DependencyAway;

        /// <summary>The fault lasts until the prober has noticed, where it can notice, and then for a while of any length.</summary>
        public void Break()
        {
            _broken = true;
            var lasts = (_contract.Freshness * 20) + (_contract.Balancer.Interval * 4) + TimeSpan.FromSeconds(_random.NextDouble() * 30);
            for (var ends = Now + lasts; Now < ends;)
            {
                Move();
            }
        }

        /// <summary>Repairs it, and says how long it took until users are sent to an instance that is ready.</summary>
        public TimeSpan TimeToRecover(TimeSpan limit)
        {
            _broken = false;
            var began = Now;
            while (Now - began < limit && !(_sends && _passed >= _scenario.Threshold))
            {
                Move();
            }

            return Now - began;
        }

        public override string ToString() =>
            $"breaker {_breaker.State}, operation {_operation.Read()}, health {_health.LastKnown(Scope.Full)}, probes passed {_passed}, failed {_failed}, {_probe?.Answer.Status}";

        public bool IsUnavailable(Exception exception) => exception is InvalidOperationException;

        public FailureCause CauseOf(Exception exception) => new(Reason.DependencyDown) { Dependency = "database" };

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(DependencyAway ? CheckResults.Failed(_context, Reason.DependencyDown) : HealthCheckResult.Healthy());

        private void Move()
        {
            Ask();
            Try();
            Probe();
            _time.Advance(Step);
            EndEvaluation();
        }

        // Users come while the prober lets them.
        private void Ask()
        {
            for (_untilUser -= Step; _untilUser <= TimeSpan.Zero; _untilUser += TimeSpan.FromSeconds(1.0 / _scenario.PerSecond))
            {
                if (_sends)
                {
                    var (served, cause) = Serve();
                    _operation.Add(new(served ? RequestOutcome.Served : RequestOutcome.Failed, TimeSpan.Zero, cause));
                }
            }
        }

        // One canary after the other, as the runner sends them; each takes as long as it may.
        private void Try()
        {
            if (!_scenario.HasCanary)
            {
                return;
            }

            if (_canary is { } sent)
            {
                if (Now < sent.Ends)
                {
                    return;
                }

                (sent.Passes ? _operation.CanaryPassed : (Action)(() => _operation.CanaryFailed(null)))();
                (_canary, _canaryEnded) = (null, Now);
            }

            if (_operations.IsSuspicious)
            {
                _operations.Read();
                _suspectedAt = Now;
            }

            var follows = _suspectedAt != TimeSpan.MinValue && Now - _suspectedAt < _contract.Freshness * 2;
            var pause = follows ? _contract.Freshness / 5 : _operation.Canary!.Interval;
            if (Now - _canaryEnded >= pause || _canariesNow.IsCompleted)
            {
                _canariesNow = _canaries.Now;
                _canary = (Now + _operation.Canary!.Timeout, Serve().Served);
            }
        }

        private void Probe()
        {
            if (_probe is { } probe)
            {
                var late = Now - probe.Asked >= _contract.Balancer.Timeout;
                if (!probe.Answer.IsCompleted && !late)
                {
                    return;
                }

                var ready = probe.Answer.IsCompletedSuccessfully && probe.Answer.Result.Ready;
                _probe = null;
                (_passed, _failed) = ready ? (_passed + 1, 0) : (0, _failed + 1);
                _sends = _failed >= _contract.Balancer.UnhealthyThreshold ? false : _passed >= _scenario.Threshold || _sends;
            }

            // From start to start, as a balancer asks.
            _untilProbe -= Step;
            if (_untilProbe <= TimeSpan.Zero)
            {
                _untilProbe += _contract.Balancer.Interval;
                var answer = _health.AskAsync(Scope.Full).AsTask();
                _probe = (answer, Now);

                // The breaker's trial may go by the thread pool; this clock stands still meanwhile.
                Assert.True(SpinWait.SpinUntil(() => answer.IsCompleted || _evaluation is not null, TimeSpan.FromSeconds(30)));
            }
        }

        // Continuations of waiting callers run on the thread pool; the fake clock does not advance until they have.
        private void EndEvaluation()
        {
            if (_evaluation is { } evaluation && Now >= evaluation.Ends)
            {
                _evaluation = null;
                evaluation.Source.SetResult();
                _probe?.Answer.Wait();
            }
        }

        private (bool Served, FailureCause? Cause) Serve()
        {
            try
            {
                _breaker.RunAsync(_ => DependencyAway ? throw new InvalidOperationException() : Task.FromResult(0)).GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                return (false, CauseOf(new InvalidOperationException()));
            }
            catch (CircuitOpenException)
            {
                return (false, new(Reason.CircuitOpen) { Dependency = "database" });
            }

            var share = _scenario.Fault switch { Fault.MostFail => 0.9, Fault.SomeFail => 0.3, _ => 0 };
            return (!_broken || _random.NextDouble() >= share, null);
        }

        // What it looks at is seen at once, and told only at the end.
        private async Task<EvaluationResult> EvaluateAsync()
        {
            var began = _time.GetTimestamp();
            var result = await _check.CheckHealthAsync(_context).ConfigureAwait(false);
            if (_scenario.Evaluation > 0)
            {
                var source = new TaskCompletionSource();
                _evaluation = new(source, Now + TimeSpan.FromMilliseconds(_scenario.Evaluation));
                await source.Task.ConfigureAwait(false);
            }

            var outcome = (CheckOutcome)(HealthStatus.Healthy - result.Status);
            var reason = outcome == CheckOutcome.Healthy ? Reason.None : CheckResults.ReasonOf(result);
            var report = new CheckReport("database", outcome, reason, DependencyScope.Shared, TimeSpan.Zero, null, []) { Cause = CheckResults.CauseOf(result) };
            return new([report], _time.GetTimestamp(), _time.GetElapsedTime(began), Late: false);
        }

        private sealed record Evaluation(TaskCompletionSource Source, TimeSpan Ends);
    }
}
