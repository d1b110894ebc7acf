using System.Collections.Immutable;
using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Evaluation;

/// <summary>
/// Runs every check at once and ends on time: a check that is not done by its deadline is abandoned, whatever it does with its
/// token. One round at a time; <see cref="SharedEvaluation"/> sees to that.
/// </summary>
internal sealed class Evaluator : IDisposable
{
    private const string Late = "evaluation delayed; result unknown";
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeProvider _active;
    private readonly HealthBudget _budget;
    private readonly CheckRun[] _runs;
    private readonly ISignal[] _signals;
    private readonly ITimer _deadline;
    private readonly Func<TimeSpan> _poolDelay;
    private readonly TimeSpan _confirmation;
    private Round? _round;

    /// <param name="registrations">The checks, in the order of the answer.</param>
    /// <param name="signals">What is read rather than run; after the checks.</param>
    /// <param name="budget">The overall deadline, and how late the checker itself may be.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="time">The clock that ages are counted by.</param>
    /// <param name="active">The clock that deadlines are counted by: it stands still while the process does.</param>
    /// <param name="poolDelay">How late the thread pool is; never late when not given.</param>
    /// <param name="confirmation">
    /// For how long a check that passed before must fail within one round to count as failed: one that fails at once is asked again after it. So a hiccup is not a fault, and a
    /// fault is one within one evaluation all the same. Shortened to what the budget leaves beside the check's own timeout.
    /// </param>
    public Evaluator(
        IEnumerable<HealthCheckRegistration> registrations,
        IEnumerable<ISignal> signals,
        HealthBudget budget,
        IServiceProvider services,
        TimeProvider time,
        TimeProvider active,
        Func<TimeSpan>? poolDelay = null,
        TimeSpan confirmation = default)
    {
        _poolDelay = poolDelay ?? (() => TimeSpan.Zero);
        _time = time;
        _confirmation = confirmation;
        _active = active;
        _budget = budget;
        var failures = services.GetService<FailureReason>() ?? new FailureReason(services.GetServices<IFailureClassifier>());
        _runs = [.. registrations.Select(registration => new CheckRun(registration, Timeout(registration), services, failures, Ended))];
        _signals = [.. signals];
        _deadline = time.CreateTimer(static state => ((Evaluator)state!).AbandonLate(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>Names of everything that is evaluated, in the order of the answer.</summary>
    public IEnumerable<string> Names => _runs.Select(run => run.Registration.Name).Concat(_signals.Select(signal => signal.Name));

    /// <summary>Checks that the running round waits for.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _round?.Pending ?? 0;
            }
        }
    }

    /// <summary>One round. It completes within the budget's deadline plus the time the thread pool takes to run a timer.</summary>
    public Task<EvaluationResult> EvaluateAsync()
    {
        var round = new Round(_runs.Length, _time.GetTimestamp(), _active.GetTimestamp());
        if (_runs.Length == 0)
        {
            return Task.FromResult(Complete(round));
        }

        lock (_gate)
        {
            _round = round;
            for (var index = 0; index < _runs.Length; index++)
            {
                Start(round, index);
            }

            Rearm(round);
        }

        if (round.Pending == 0)
        {
            Finish(round);
        }

        return round.Completion.Task;
    }

    public void Dispose()
    {
        _deadline.Dispose();
        foreach (var run in _runs)
        {
            run.Dispose();
        }
    }

    private void Start(Round round, int index)
    {
        var run = _runs[index];
        if (run.Running)
        {
            var since = _active.GetElapsedTime(run.StartedAt, round.ActiveStart);
            var blameless = run.MayBeBlameless(_poolDelay() > _budget.Margin);
            var (reason, detail) = blameless ? (Reason.Unknown, Late) : Explain(run);
            Deliver(round, index, Report(run, blameless ? CheckOutcome.Unknown : Failure(run), reason, since, $"{detail}; abandoned, and still running"));
            return;
        }

        round.Due[index] = run.WasHealthy ? Longer(run.Timeout, Confirmation(run)) : run.Timeout;
        Queue(run, round.ActiveStart);
    }

    private static void Queue(CheckRun run, long now)
    {
        run.Running = true;
        run.Abandoned = false;
        run.StartedAt = now;
        run.Queue();
    }

    private TimeSpan Confirmation(CheckRun run)
    {
        var left = _budget.Deadline - run.Timeout;
        return left < _confirmation ? left : _confirmation;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Ended(CheckRun run, HealthCheckResult result)
    {
        Round? finished = null;
        lock (_gate)
        {
            run.Running = false;
            if (run.Abandoned || _round is not { } round)
            {
                return;
            }

            var now = _active.GetTimestamp();
            var index = Array.IndexOf(_runs, run);
            if (result.Status != HealthStatus.Healthy && run.WasHealthy && !round.Confirmed[index]
                && Confirmation(run) is var confirmation && _active.GetElapsedTime(round.ActiveStart, now) < confirmation)
            {
                round.Confirmed[index] = true;
                round.RetryAt[index] = confirmation;
                round.Due[index] = confirmation + run.Timeout;
                Rearm(round);
                return;
            }

            var duration = _active.GetElapsedTime(run.StartedAt, now);
            var outcome = (CheckOutcome)(HealthStatus.Healthy - result.Status);
            var reason = outcome == CheckOutcome.Healthy ? Reason.None : CheckResults.ReasonOf(result);
            run.WasHealthy = outcome == CheckOutcome.Healthy;
            Deliver(round, index, Report(run, outcome, reason, duration, result.Description) with { Cause = CheckResults.CauseOf(result) });
            if (round.Pending == 0)
            {
                finished = round;
            }
        }

        if (finished is not null)
        {
            Finish(finished);
        }
    }

    /// <summary>
    /// Abandons what is late. Called by a timer, which is exact, and by the watchdog's thread, which still runs when the thread pool
    /// does not.
    /// </summary>
    public void AbandonLate()
    {
        Round? finished = null;
        lock (_gate)
        {
            if (_round is not { Pending: > 0 } round)
            {
                return;
            }

            var now = _active.GetTimestamp();
            for (var index = 0; index < _runs.Length; index++)
            {
                var elapsed = _active.GetElapsedTime(round.ActiveStart, now);
                if (round.RetryAt[index] is { } retry)
                {
                    if (elapsed >= retry)
                    {
                        round.RetryAt[index] = null;
                        Queue(_runs[index], now);
                    }
                }
                else if (!round.Delivered[index] && elapsed >= round.Due[index])
                {
                    Abandon(round, index, elapsed);
                }
            }

            if (round.Pending == 0)
            {
                finished = round;
            }
            else
            {
                Rearm(round);
            }
        }

        if (finished is not null)
        {
            Finish(finished);
        }
    }

    private void Abandon(Round round, int index, TimeSpan elapsed)
    {
        var run = _runs[index];
        run.Abandoned = true;
        run.AskToEnd();

        var late = elapsed - round.Due[index] > _budget.Margin || run.MayBeBlameless(_poolDelay() > _budget.Margin);
        var (reason, detail) = late ? (Reason.Unknown, Late) : Explain(run);
        run.WasHealthy &= late;
        Deliver(round, index, Report(run, late ? CheckOutcome.Unknown : Failure(run), reason, elapsed, detail));
    }

    private void Rearm(Round round)
    {
        var next = TimeSpan.MaxValue;
        for (var index = 0; index < _runs.Length; index++)
        {
            var due = round.RetryAt[index] ?? round.Due[index];
            if (!round.Delivered[index] && due < next)
            {
                next = due;
            }
        }

        if (next != TimeSpan.MaxValue)
        {
            var left = next - _active.GetElapsedTime(round.ActiveStart, _active.GetTimestamp());
            _deadline.Change(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1), System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    private static void Deliver(Round round, int index, CheckReport report)
    {
        round.Reports[index] = report;
        round.Delivered[index] = true;
        round.Pending--;
    }

    private void Finish(Round round)
    {
        lock (_gate)
        {
            if (_round == round)
            {
                _round = null;
                _deadline.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
            }
        }

        round.Completion.TrySetResult(Complete(round));
    }

    private EvaluationResult Complete(Round round)
    {
        var checks = ImmutableArray.CreateBuilder<CheckReport>(_runs.Length + _signals.Length);
        checks.AddRange(round.Reports);
        foreach (var signal in _signals)
        {
            checks.Add(signal.Read());
        }

        var now = _time.GetTimestamp();

        // What is surely down stays down, whatever else is not known.
        var late = round.Reports.Any(report => report.Outcome == CheckOutcome.Unknown) && !round.Reports.Any(report => report.Outcome == CheckOutcome.Unhealthy);
        return new(checks.MoveToImmutable(), now, _time.GetElapsedTime(round.Start, now), late);
    }

    private TimeSpan Timeout(HealthCheckRegistration registration) =>
        registration.Timeout > TimeSpan.Zero && registration.Timeout < _budget.Deadline ? registration.Timeout : _budget.Deadline;

    private static (Reason, string) Explain(CheckRun run) =>
        run.Check is ITimeoutDiagnostics check ? check.ExplainTimeout() : (Reason.TimedOut, "no answer within its deadline");

    private static CheckOutcome Failure(CheckRun run) => (CheckOutcome)(HealthStatus.Healthy - run.Registration.FailureStatus);

    private static CheckReport Report(CheckRun run, CheckOutcome outcome, Reason reason, TimeSpan duration, string? detail) =>
        new(run.Registration.Name, outcome, reason, run.Scope, duration, detail, run.Tags);

    private sealed class Round(int count, long start, long activeStart)
    {
        public long Start { get; } = start;

        public long ActiveStart { get; } = activeStart;

        public int Pending { get; set; } = count;

        public CheckReport[] Reports { get; } = new CheckReport[count];

        public bool[] Delivered { get; } = new bool[count];

        /// <summary>When each check is abandoned, from the start of the round.</summary>
        public TimeSpan[] Due { get; } = new TimeSpan[count];

        /// <summary>When a check that failed at once is asked again; null when it is not waited for.</summary>
        public TimeSpan?[] RetryAt { get; } = new TimeSpan?[count];

        /// <summary>Whether the check was asked again, or needs not be.</summary>
        public bool[] Confirmed { get; } = new bool[count];

        public TaskCompletionSource<EvaluationResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
